package native

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Client sends blocks to one server.
type Client struct {
	url      url.URL
	database string
	auth     clickhouse.Auth
	web      *http.Client
}

// NewClient speaks to the first server of the options, which must name the HTTP protocol.
func NewClient(options *clickhouse.Options) *Client {
	c := &Client{database: options.Auth.Database, auth: options.Auth, url: url.URL{Scheme: "http", Host: options.Addr[0], Path: "/"}}
	transport := &http.Transport{MaxIdleConnsPerHost: 16, WriteBufferSize: 64 << 10, TLSClientConfig: options.TLS}
	if options.TLS != nil {
		c.url.Scheme = "https"
	}
	c.web = &http.Client{Transport: transport}
	return c
}

// Close ends idle connections.
func (c *Client) Close() { c.web.CloseIdleConnections() }

// Insert sends the block as the rows of an INSERT that lists its columns, under settings that hold for it alone. What the
// server answers instead of storing it is a *clickhouse.Exception. The block must not be changed afterwards.
func (c *Client) Insert(ctx context.Context, statement string, settings map[string]string, b *Block) error {
	query := url.Values{"query": {strings.TrimSpace(statement) + " FORMAT Native"}}
	if c.database != "" {
		query.Set("database", c.database)
	}
	for name, value := range settings {
		query.Set(name, value)
	}
	to := c.url
	to.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(b.out))
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	request.GetBody = nil // a request that got lost is for the caller to repeat
	if c.auth.Username != "" {
		request.Header.Set("X-ClickHouse-User", c.auth.Username)
	}
	if c.auth.Password != "" {
		request.Header.Set("X-ClickHouse-Key", c.auth.Password)
		request.Header.Set("X-ClickHouse-SSL-Certificate-Auth", "off")
	}
	answer, err := c.web.Do(request)
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err // without the address
	}
	if err != nil {
		return fmt.Errorf("send block: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	code, _ := strconv.Atoi(answer.Header.Get("X-ClickHouse-Exception-Code"))
	if answer.StatusCode == http.StatusOK && code == 0 {
		return nil
	}
	if code == 0 {
		return fmt.Errorf("the server answered %s", answer.Status)
	}
	return &clickhouse.Exception{Code: int32(code), Message: string(text)} //nolint:gosec // the server's codes are small
}
