// Package broker is the embedded default: one process that speaks the Kafka protocol and keeps its log in a folder.
//
// It is a fine bus for one machine and no replacement for a Kafka cluster: there is one copy of each message, and
// whoever loses the folder loses what the store has not read yet. The folder must belong to one process; the caller
// holds its lock.
package broker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// retentionCheck is how often topics' retention is applied; the library leaves that to its owner.
const retentionCheck = 10 * time.Minute

// Config of the broker.
type Config struct {
	// Dir keeps the log; every acknowledged message has been synced to it.
	Dir string
	// Listen is a loopback host:port; port 0 takes a free one.
	Listen string
	// Advertise is the host:port that clients are told to use; empty is where the broker listens. It serves when they
	// reach it through something else, a forwarded port.
	Advertise string
}

// DefaultConfiguration leaves the folder to be named.
func DefaultConfiguration() Config { return Config{Listen: "127.0.0.1:0"} }

// Broker is a running broker.
type Broker struct {
	cluster *kfake.Cluster
	log     *slog.Logger
	refusal *kfake.FaultHandle
}

// Start opens the log and listens. It answers when it returns.
func Start(ctx context.Context, cfg Config, log *slog.Logger) (*Broker, error) {
	listen := func(network, _ string) (net.Listener, error) {
		listener, err := (&net.ListenConfig{}).Listen(ctx, network, cfg.Listen)
		if err != nil || cfg.Advertise == "" {
			return listener, err //nolint:wrapcheck // named below
		}
		addr, err := net.ResolveTCPAddr("tcp", cfg.Advertise)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("advertise %s: %w", cfg.Advertise, err), listener.Close())
		}
		return advertised{listener, addr}, nil
	}
	cluster, err := kfake.NewCluster(
		kfake.NumBrokers(1), kfake.ListenFn(listen), kfake.ClusterID("wenguo"),
		kfake.DataDir(cfg.Dir), kfake.SyncWrites(), kfake.GroupMinSessionTimeout(time.Second),
	)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("address %s is in use by another program: stop it, or choose another as broker.listen (port 0 takes a free one)", cfg.Listen)
	}
	if err != nil {
		return nil, fmt.Errorf("start embedded broker on %s: %w", cfg.Listen, err)
	}
	return &Broker{cluster: cluster, log: log}, nil
}

// advertised is a listener that gives another address as its own.
type advertised struct {
	net.Listener
	addr net.Addr
}

// Addr is what clients are told.
func (a advertised) Addr() net.Addr { return a.addr }

// Address is host:port for clients.
func (b *Broker) Address() string { return b.cluster.ListenAddrs()[0] }

// Refuse makes the broker take no more messages, or take them again. Producers are told of a storage error, which they
// try again; everything else, offsets among it, goes on. One caller at a time.
func (b *Broker) Refuse(refuse bool) {
	if b.refusal != nil {
		b.refusal.Remove()
		b.refusal = nil
	}
	if refuse {
		b.refusal = b.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Err: kerr.KafkaStorageError, Count: -1})
	}
}

// Run applies retention until ctx ends, then syncs and closes the log.
func (b *Broker) Run(ctx context.Context) error {
	b.log.Info("embedded broker answers; it keeps one copy and does not replace a Kafka cluster", "address", b.Address())
	tick := time.NewTicker(retentionCheck)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			b.cluster.ApplyRetention()
		case <-ctx.Done():
			b.cluster.Close()
			return nil
		}
	}
}
