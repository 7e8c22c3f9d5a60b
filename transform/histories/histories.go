// Package histories invents complaint histories for tests: every kind in any order, ties, repeats, conflicts, impossible
// sequences. They are not plausible (ingest/simulate makes plausible ones); they are meant to break things.
package histories

import (
	"fmt"
	"math/rand/v2"
	"time"

	"wenguo/ingest"
)

// Maker invents histories from a seed. Instants fall on few values, so that ties happen.
type Maker struct {
	rnd   *rand.Rand
	start time.Time
	days  int
	n     int
}

const firstOffset = 1_000_000

// New makes a Maker whose complaints begin within so many days from start.
func New(seed uint64, start time.Time, days int) *Maker {
	return &Maker{n: firstOffset, rnd: rand.New(rand.NewPCG(seed, 7)), start: start, days: days} //nolint:gosec // repeatable, not secret
}

func pick[T any](m *Maker, list ...T) T { return list[m.rnd.IntN(len(list))] }

func (m *Maker) chance(percent int) bool { return m.rnd.IntN(100) < percent }

// Complaint invents one history; its copies and conflicts have offsets of their own.
func (m *Maker) Complaint(id string) []ingest.Stored {
	at := m.start.Add(time.Duration(m.rnd.IntN(m.days*24*4)) * 15 * time.Minute)
	var out []ingest.Stored
	if !m.chance(3) {
		out = append(out, m.event(id, at, ingest.KindRegistered))
	}
	cur := at
	for range m.rnd.IntN(14) {
		cur = cur.Add(m.step())
		when := cur
		if m.chance(6) {
			when = at.Add(-time.Duration(m.rnd.IntN(5)) * time.Hour)
		}
		out = append(out, m.event(id, when, m.kind()))
	}
	for i := range out {
		if m.chance(4) {
			out = append(out, m.copy(out[i]))
		}
	}
	return out
}

// Complaints invents so many, with ids c-0, c-1, ….
func (m *Maker) Complaints(n int) map[string][]ingest.Stored {
	out := make(map[string][]ingest.Stored, n)
	for i := range n {
		id := fmt.Sprintf("c-%d", i)
		if events := m.Complaint(id); len(events) > 0 {
			out[id] = events
		}
	}
	return out
}

func (m *Maker) step() time.Duration {
	return pick(m, 0, time.Millisecond, 4*time.Minute, 5*time.Minute, 10*time.Minute, time.Hour, 2*time.Hour, 7*time.Hour,
		24*time.Hour, 30*time.Hour, 48*time.Hour, 72*time.Hour, 9*24*time.Hour, 30*24*time.Hour)
}

func (m *Maker) kind() ingest.Kind {
	if m.chance(25) {
		return pick(m, ingest.KindResolved, ingest.KindResolved, ingest.KindReopened, ingest.KindClosed, ingest.KindSurveyed)
	}
	return ingest.Kinds[m.rnd.IntN(len(ingest.Kinds))].Kind
}

// copy is a repetition, sometimes with another content under the same id.
func (m *Maker) copy(s ingest.Stored) ingest.Stored {
	m.n++
	c := s
	c.Offset = int64(m.n)
	c.BusTime = s.BusTime.Add(time.Minute)
	if m.chance(30) {
		c.OccurredAt = c.OccurredAt.Add(time.Hour)
		c.Actor.Role = ingest.RoleSystem
	}
	if m.chance(50) {
		c.Offset -= firstOffset / 2 // before the event it repeats
	}
	return c
}

func (m *Maker) event(id string, at time.Time, kind ingest.Kind) ingest.Stored {
	m.n++
	if kind == ingest.KindErased && m.chance(90) {
		kind = ingest.KindContacted
	}
	e := ingest.Event{
		EventID: fmt.Sprintf("e%d-%d", m.rnd.IntN(10), m.n), ComplaintID: id, Kind: kind, OccurredAt: at.UTC(), Source: "test",
		Actor: ingest.Actor{Role: pick(m, ingest.RoleAgent, ingest.RoleAgent, ingest.RoleDepartment, ingest.RoleBot, ingest.RoleSystem, "", ingest.RoleCustomer, ingest.RoleBot)},
	}
	e.Data = m.data(kind, at)
	bus := at.Add(time.Duration(m.rnd.IntN(600)-20) * time.Second)
	return ingest.Stored{Event: e, Position: ingest.Position{
		Topic: ingest.TopicEvents, Offset: int64(m.n), BusTime: bus.UTC(), Backfill: m.chance(20),
	}}
}

func (m *Maker) department() string {
	return pick(m, "客服中心", "技术部", "物流部", "法务部")
}

func (m *Maker) category() string {
	return pick(m, "", "服务中断", "服务中断/登录", "物流", "物流/延误", "物流/延误/生鲜", "资费")
}

func (m *Maker) priority() string { return pick(m, "", "urgent", "high", "normal", "low", "P9") }

func (m *Maker) later(at time.Time) *time.Time {
	if m.chance(30) {
		return nil
	}
	t := at.Add(m.step() - 5*time.Minute).UTC()
	return &t
}
