package dashboard

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Bounds of sign-ins from one address of the network: a burst, then one every few seconds.
const (
	gateBurst = 20
	gateEvery = 6 * time.Second
	// gateMost bounds the addresses that are remembered; the oldest half goes when there are more.
	gateMost = 10000
)

// gate bounds how often one address may try to sign in, whoever it says to be.
type gate struct {
	mu    sync.Mutex
	doors map[netip.Prefix]*door
}

type door struct {
	limit *rate.Limiter
	last  time.Time
}

func newGate() *gate { return &gate{doors: map[netip.Prefix]*door{}} }

// open says whether another try may be made now. Addresses of IPv6 count by their network of 64 bits, which one household
// has.
func (g *gate) open(address string, now time.Time) bool {
	at, err := netip.ParseAddr(address)
	if err != nil {
		at = netip.IPv6Unspecified()
	}
	bits := 32
	if at = at.Unmap(); at.Is6() {
		bits = 64
	}
	network, err := at.WithZone("").Prefix(bits)
	if err != nil {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	d := g.doors[network]
	if d == nil {
		if len(g.doors) >= gateMost {
			g.sweep(now)
		}
		d = &door{limit: rate.NewLimiter(rate.Every(gateEvery), gateBurst)}
		g.doors[network] = d
	}
	d.last = now
	return d.limit.AllowN(now, 1)
}

// sweep forgets addresses that have their whole burst again; if hardly any has, all.
func (g *gate) sweep(now time.Time) {
	for network, d := range g.doors {
		if now.Sub(d.last) > gateBurst*gateEvery {
			delete(g.doors, network)
		}
	}
	if len(g.doors) > gateMost/2 {
		clear(g.doors)
	}
}
