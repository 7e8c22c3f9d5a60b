package faults_test

import (
	"math/rand/v2"
	"slices"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"wenguo/e2e/gate"
	"wenguo/e2e/program"
)

// strike carries one fault out and repairs what it broke, as whatever supervises processes does.
func (r *rig) strike(f fault) {
	r.t.Helper()
	time.Sleep(f.delay)
	victim := r.members[f.victim%len(r.members)]
	rng := rand.New(rand.NewPCG(f.dice, 4))
	switch f.what {
	case killMember:
		other := r.members[1+f.victim%(len(r.members)-1)]
		r.met(other.at(f.step, r.session/2, other.process.Kill))
	case killParent:
		engine := program.ChildOf(r.up().process.Pid())
		r.met(r.up().at(f.step, r.session/2, r.up().process.Kill))
		program.Gone(r.t, engine)
	case killGroup:
		r.met(r.up().at(f.step, r.session/2, r.killGroup))
	case killEngine:
		engine := program.ChildOf(r.up().process.Pid())
		r.met(victim.at(f.step, r.session/2, func() { kill(engine) }))
		program.Gone(r.t, engine)
	case killEverything:
		r.met(victim.at(f.step, r.session/2, func() {
			r.killGroup()
			for _, m := range r.members[1:] {
				m.process.Kill()
			}
		}))
	case freeze:
		r.met(victim.at(f.step, r.session/2, victim.process.Freeze))
		time.Sleep(r.session * 3 / 2)
		victim.process.Thaw()
	case roll:
		for _, m := range r.members {
			m.process.Stop(r.t)
			m.start()
		}
	case badBus:
		misbehave(rng, r.bus, r.session)
	case badStore:
		misbehave(rng, r.store, r.session)
	case noLetters:
		h := r.cluster.Fault(kfake.Fault{
			Keys: []kmsg.Key{kmsg.Produce}, Topic: r.config().DeadLetters, Err: kerr.NotEnoughReplicas, Count: -1,
		})
		before := r.heard.count(saidRest)
		for deadline := time.Now().Add(5 * time.Second); r.heard.count(saidRest) == before && time.Now().Before(deadline); {
			time.Sleep(50 * time.Millisecond)
		}
		time.Sleep(time.Duration(rng.IntN(2000)) * time.Millisecond)
		h.Remove()
	case brokerError:
		r.brokerErrors(rng)
	}
	r.revive()
}

// met counts the faults that came right after the step that they waited for.
func (r *rig) met(met bool) {
	if met {
		r.atStep++
	}
}

func (r *rig) killGroup() {
	engine := program.ChildOf(r.up().process.Pid())
	kill(engine)
	r.up().process.Kill()
	program.Gone(r.t, engine)
}

func kill(pid int) {
	if pid != 0 {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// revive starts what has ended. The first to start is the one that owns the store.
func (r *rig) revive() {
	r.t.Helper()
	for _, m := range r.members {
		if m.ended() {
			r.started++
			m.start()
		}
	}
}

// brokerErrors makes the broker answer a few requests with what brokers answer in hard times.
func (r *rig) brokerErrors(rng *rand.Rand) {
	group := r.config().Group
	faults := []kfake.Fault{
		{Keys: []kmsg.Key{kmsg.Fetch}, Err: kerr.NotLeaderForPartition},
		{Keys: []kmsg.Key{kmsg.Fetch}, Err: kerr.KafkaStorageError},
		{Keys: []kmsg.Key{kmsg.Fetch}, Err: kerr.ThrottlingQuotaExceeded},
		{Keys: []kmsg.Key{kmsg.OffsetCommit}, Group: group, Err: kerr.NotCoordinator},
		{Keys: []kmsg.Key{kmsg.OffsetCommit}, Group: group, Err: kerr.RequestTimedOut},
		{Keys: []kmsg.Key{kmsg.OffsetCommit}, Group: group, Err: kerr.IllegalGeneration},
		{Keys: []kmsg.Key{kmsg.OffsetCommit}, Group: group, Err: kerr.UnknownMemberID},
		{Keys: []kmsg.Key{kmsg.OffsetFetch}, Group: group, Err: kerr.CoordinatorLoadInProgress},
		{Keys: []kmsg.Key{kmsg.Heartbeat}, Group: group, Err: kerr.UnknownMemberID},
		{Keys: []kmsg.Key{kmsg.ListOffsets}, Err: kerr.LeaderNotAvailable},
		{Keys: []kmsg.Key{kmsg.Produce}, Err: kerr.NotLeaderForPartition},
	}
	var handles []*kfake.FaultHandle
	for _, i := range rng.Perm(len(faults))[:4] {
		faults[i].Count = 1 + rng.IntN(4)
		handles = append(handles, r.cluster.Fault(faults[i]))
	}
	time.Sleep(2 * time.Second)
	for _, h := range slices.Backward(handles) {
		h.Remove()
	}
}

// misbehave does to a gate what networks do: one thing, or a few after another. Longest is beyond the group's session.
func misbehave(rng *rand.Rand, g *gate.Gate, session time.Duration) {
	for range 1 + rng.IntN(3) {
		switch rng.IntN(6) {
		case 0:
			g.Cut()
		case 1, 2: // in the middle of an answer
			g.CutAfter(int64(rng.IntN(3000)))
		case 3:
			g.Stall()
			time.Sleep(time.Duration(200+rng.IntN(800)) * time.Millisecond)
		case 4:
			g.Delay(time.Duration(5+rng.IntN(40)) * time.Millisecond)
			time.Sleep(time.Duration(500+rng.IntN(1000)) * time.Millisecond)
			g.Delay(0)
		case 5:
			g.Refuse()
			g.Cut()
			time.Sleep(time.Duration(100+rng.IntN(900)) * time.Millisecond)
		}
		time.Sleep(200 * time.Millisecond)
		g.Pass()
	}
	if rng.IntN(4) == 0 {
		g.Stall()
		time.Sleep(session * 5 / 4)
		g.Pass()
	}
}
