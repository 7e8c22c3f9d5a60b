package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/dashboard/account"
	"wenguo/dashboard/account/provider"
)

// people are who may come in.
type people struct {
	// book is always there, accounts only where people sign in.
	book, accounts *account.Book
	provider       *provider.Provider
}

// openBook opens the accounts of the data folder.
func openBook(ctx context.Context, cfg config) (*account.Book, error) {
	book, err := account.Open(ctx, filepath.Join(cfg.Data, account.File), cfg.Accounts, time.Now, rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return book, nil
}

// startPeople opens the book before the pages and closes it after them.
func startPeople(ctx context.Context, cfg config, all *stages) (people, error) {
	var p people
	var err error
	if p.book, err = openBook(ctx, cfg); err != nil {
		return p, err
	}
	all.start(ctx, "accounts", func(ctx context.Context) error { <-ctx.Done(); return p.book.Close() })
	if !cfg.Accounts.Enabled {
		return p, nil
	}
	p.accounts = p.book
	if cfg.Provider.Issuer != "" {
		if p.provider, err = provider.New(cfg.Provider, strings.TrimSuffix(cfg.Front.PublicURL, "/")+"/sign-in/provider/back", time.Now); err != nil {
			return p, err
		}
	}
	return p, nil
}

// welcome prints the one-time link of the first administrator, where there is none.
func (p people) welcome(ctx context.Context, out io.Writer, site string) error {
	if p.accounts == nil {
		return nil
	}
	link, err := p.accounts.FirstLink(ctx)
	if err != nil {
		return fmt.Errorf("first administrator: %w", err)
	}
	if link != "" {
		_, _ = fmt.Fprintf(out, "  第一个管理员 first administrator (once, within %s)  →  %s/welcome/%s\n\n", p.accounts.Config().LinkAge, site, link)
	}
	return nil
}

// siteURL is where people open the pages.
func siteURL(cfg config, address string) string {
	switch {
	case cfg.Front.PublicURL != "":
		return strings.TrimSuffix(cfg.Front.PublicURL, "/")
	case cfg.Front.CertFile != "":
		return "https://" + address
	}
	return "http://" + address
}

// tell says where the pages are to what runs beside. Where people sign in, Prometheus and Alertmanager, which do not, reach
// a loopback address of their own.
func (b pageParts) tell(
	ctx context.Context, cfg config, all *stages, address string, registry *prometheus.Registry, ready func(context.Context) error,
) error {
	b.desk.site.Store(&address)
	if !cfg.Accounts.Enabled {
		b.desk.inner.Store(&address)
		return nil
	}
	inner, err := startMetrics(ctx, "127.0.0.1:0", all, registry, ready, b.desk.robots)
	b.desk.inner.Store(&inner)
	return err
}
