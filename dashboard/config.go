package dashboard

import (
	"errors"
	"fmt"
	"net"
	"time"
)

// DefaultListen is where the pages are when nothing else is said.
const DefaultListen = "127.0.0.1:8420"

// Config of the server.
type Config struct {
	// Listen is host:port, of a loopback interface unless accounts and TLS are there; port 0 takes a free one.
	Listen string
	// Accounts says that everybody signs in; Front is how the pages are reached from other machines.
	Accounts bool
	Front    Front
	// Zone is the organisation's zone: days, weeks and hours on every page are of it.
	Zone *time.Location
	// Version is shown at the foot of every page.
	Version string
	// QueryTimeout bounds all reading for one request.
	QueryTimeout time.Duration
	// ExportTimeout bounds the making of one file for download.
	ExportTimeout time.Duration
	// MaxReads and MaxExports bound how many answers and files are made at once; who comes beyond is asked to come again.
	MaxReads, MaxExports int
	// DecisionWait bounds how long the answer to a decision waits for it to show; after that it says that it shows later.
	DecisionWait time.Duration
	// OldestMoment is the age at which a page's instant is too old to be shown: until then all readers share one instant
	// and its answers. Zero gives each page its own.
	OldestMoment time.Duration
	// Drain bounds the wait for requests in flight when the server stops.
	Drain time.Duration
}

// DefaultConfig listens on loopback; China has one zone without summer time, so no zone database is needed for it.
func DefaultConfig() Config {
	return Config{
		Listen:        DefaultListen,
		Zone:          time.FixedZone("Asia/Shanghai", 8*60*60),
		Version:       "dev",
		QueryTimeout:  20 * time.Second,
		ExportTimeout: 15 * time.Minute,
		MaxReads:      64,
		MaxExports:    2,
		DecisionWait:  5 * time.Second,
		OldestMoment:  60 * time.Second,
		Drain:         5 * time.Second,
	}
}

// Validate says what is wrong with the configuration and what to do about it.
func (c Config) Validate() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("listen address %q is not host:port, such as %s: %w", c.Listen, DefaultListen, err)
	}
	if err := c.Front.Validate(); err != nil {
		return err
	}
	if c.Front.encrypted() && !c.Accounts {
		return errors.New("front sets how other machines reach the pages, and nobody would have to sign in: switch accounts on (--accounts), or take front.* away")
	}
	if !loopback(host) && !(c.Accounts && c.Front.encrypted()) {
		return fmt.Errorf("listen address %s would show complaints to anyone on the network: switch accounts on (--accounts) and give front.cert_file and "+
			"front.key_file, or front.trusted_proxies of a proxy that ends TLS (docs/accounts.md); or use --listen %s and reach it through an SSH tunnel "+
			"(ssh -L 8420:%s HOST)", c.Listen, DefaultListen, DefaultListen)
	}
	if c.MaxReads < 1 || c.MaxExports < 1 || c.ExportTimeout <= 0 {
		return errors.New("at least one answer and one file at a time, and some time to make it, are needed")
	}
	if c.Zone == nil {
		return errors.New("the organisation's time zone is missing")
	}
	return nil
}

// loopback says whether a host part can be reached from this machine alone. A name other than localhost may resolve to
// anything, and the empty host means every interface.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
