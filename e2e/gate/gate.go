// Package gate is a TCP gate for tests: it stands before a server and delays, stalls or cuts what passes, so that a client
// sees what a bad network does. A broker names its own address to its clients; Advertise makes it name the gate's.
package gate

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Gate passes bytes between its clients and one server. It is safe for concurrent use.
type Gate struct {
	listener net.Listener

	mu      sync.Mutex
	changed *sync.Cond
	target  string
	delay   time.Duration
	stalled bool
	// stallAt is what a client's bytes are searched for, met is closed when they hold it.
	stallAt []byte
	met     chan struct{}
	refuse  bool
	ended   bool
	// cutAfter is how many more bytes of answers pass before everything is cut; -1 is no limit.
	cutAfter int64
	pairs    map[*pair]struct{}
	cuts     int
	running  sync.WaitGroup
}

// pair is one client's connection and the server's beside it.
type pair struct{ client, server net.Conn }

// Start opens a gate on a free loopback port until the test ends. target is the server's host:port; it may come later, by To.
func Start(t testing.TB, target string) *Gate {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("open gate: %v", err)
	}
	g := &Gate{listener: listener, target: target, cutAfter: -1, pairs: map[*pair]struct{}{}}
	g.changed = sync.NewCond(&g.mu)
	g.running.Go(g.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		g.mu.Lock()
		g.ended, g.stalled = true, false
		g.changed.Broadcast()
		g.mu.Unlock()
		g.Cut()
		g.running.Wait()
	})
	return g
}

// Address is host:port of the gate.
func (g *Gate) Address() string { return g.listener.Addr().String() }

// To names the server behind the gate for the connections that are opened from now on.
func (g *Gate) To(target string) { g.set(func() { g.target = target }) }

// Delay holds each piece of data back for so long, in both directions; 0 ends it.
func (g *Gate) Delay(d time.Duration) { g.set(func() { g.delay = d }) }

// Stall lets nothing pass and keeps all connections open; Pass lets everything pass again.
func (g *Gate) Stall() { g.set(func() { g.stalled = true }) }

// StallAt is Stall from the moment when a client sends text, which does not pass; the channel is closed then. It must not
// be cut in two by the network: the beginning of a request is not.
func (g *Gate) StallAt(text string) <-chan struct{} {
	met := make(chan struct{})
	g.set(func() { g.stallAt, g.met = []byte(text), met })
	return met
}

// Pass ends Stall, Refuse and CutAfter.
func (g *Gate) Pass() {
	g.set(func() { g.stalled, g.refuse, g.cutAfter = false, false, -1 })
}

// Refuse closes each new connection at once.
func (g *Gate) Refuse() { g.set(func() { g.refuse = true }) }

// CutAfter lets so many more bytes of the server's answers pass and then cuts every connection, once.
func (g *Gate) CutAfter(n int64) { g.set(func() { g.cutAfter = n }) }

// Cut breaks every open connection as a lost host does, without a farewell.
func (g *Gate) Cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.cut()
}

// Cuts counts connections that were cut.
func (g *Gate) Cuts() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.cuts
}

func (g *Gate) cut() {
	for p := range g.pairs {
		for _, conn := range []net.Conn{p.client, p.server} {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0)
			}
			_ = conn.Close()
		}
		g.cuts++
		delete(g.pairs, p)
	}
}

func (g *Gate) set(change func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change()
	g.changed.Broadcast()
}

func (g *Gate) accept() {
	for {
		client, err := g.listener.Accept()
		if err != nil {
			return
		}
		g.mu.Lock()
		target, refuse := g.target, g.refuse
		g.mu.Unlock()
		var server net.Conn
		if !refuse {
			server, err = (&net.Dialer{Timeout: 5 * time.Second}).DialContext(context.Background(), "tcp", target)
		}
		if refuse || err != nil {
			_ = client.Close()
			continue
		}
		p := &pair{client, server}
		g.mu.Lock()
		g.pairs[p] = struct{}{}
		g.mu.Unlock()
		g.running.Go(func() { g.pass(p, server, client, false) })
		g.running.Go(func() { g.pass(p, client, server, true) })
	}
}

// pass copies one direction until either side ends.
func (g *Gate) pass(p *pair, to, from net.Conn, answers bool) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 && !g.let(to, buffer[:n], answers) {
			err = net.ErrClosed
		}
		if err == nil {
			continue
		}
		if errors.Is(err, io.EOF) {
			if tcp, ok := to.(*net.TCPConn); ok && tcp.CloseWrite() == nil && !answers {
				return // the server may still answer
			}
		}
		_, _ = p.client.Close(), p.server.Close() // either may be closed already
		g.mu.Lock()
		delete(g.pairs, p)
		g.mu.Unlock()
		return
	}
}

// let passes one piece when it may.
func (g *Gate) let(to net.Conn, piece []byte, answer bool) bool {
	g.mu.Lock()
	delay := g.delay
	g.mu.Unlock()
	if delay > 0 {
		time.Sleep(delay)
	}
	g.mu.Lock()
	if len(g.stallAt) > 0 && !answer && bytes.Contains(piece, g.stallAt) {
		g.stalled, g.stallAt = true, nil
		close(g.met)
	}
	for g.stalled {
		g.changed.Wait()
	}
	cut := answer && g.cutAfter >= 0 && int64(len(piece)) > g.cutAfter
	if cut {
		piece = piece[:g.cutAfter]
	} else if answer && g.cutAfter >= 0 {
		g.cutAfter -= int64(len(piece))
	}
	g.mu.Unlock()
	_, err := to.Write(piece)
	if cut {
		g.mu.Lock()
		g.cutAfter = -1
		g.cut()
		g.mu.Unlock()
		return false
	}
	return err == nil
}

// Advertise makes a server that names its own listener's address, as brokers do, name another: the gate's.
func Advertise(listener net.Listener, address string) (net.Listener, error) {
	addr, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return nil, err
	}
	return named{listener, addr}, nil
}

type named struct {
	net.Listener
	addr net.Addr
}

// Addr is the address that is named to clients.
func (n named) Addr() net.Addr { return n.addr }
