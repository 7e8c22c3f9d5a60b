package faults_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"wenguo/e2e/truth"
	"wenguo/ingest"
	"wenguo/warehouse"
)

// Each protection is taken away once, under the very fault that it is for: the store must then be at fault, or the faults
// of the other tests prove nothing. Beside it the same fault with the protection in place must change nothing.

// session of the groups in these tests; the least that a loaded machine keeps.
const session = 2 * time.Second

// control runs a fault with everything in place, and with each of the protections taken away.
func control(t *testing.T, protections map[string]func(r *rig), run func(t *testing.T, r *rig)) {
	t.Helper()
	protections["with everything in place"] = nil
	for name, take := range protections {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, 5, 2, session)
			if take != nil {
				take(r)
			}
			run(t, r)
			exact, duplicates := true, int64(0)
			for _, p := range r.verify().Partitions {
				exact, duplicates = exact && p.OK(), duplicates+max(p.Duplicates, p.Stored+p.Refused-(p.To-p.From))
				for _, fault := range p.Faults {
					t.Logf("partition %d: %s", p.Partition, fault)
				}
			}
			t.Logf("%d duplicates", duplicates)
			if want := take == nil; exact != want {
				t.Errorf("the store is exact: %v, want %v\n%s", exact, want, r.heard.end())
			}
		})
	}
}

// stored feeds the messages and waits until the store holds them all.
func (r *rig) stored(messages []ingest.Message) {
	r.t.Helper()
	began := time.Now()
	defer func() { r.t.Logf("all is stored after %.1f s", time.Since(began).Seconds()) }()
	<-startFeed(r.t, r.config(), messages, 5, 0).done
	ends := r.ends(ingest.TopicEvents)
	store, err := warehouse.Open(r.t.Context(), r.up().dsn, slog.New(slog.DiscardHandler))
	if err != nil {
		r.t.Fatal(err)
	}
	defer store.Close()
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		reach, err := store.Reach(r.t.Context(), ingest.TopicEvents)
		if err != nil {
			r.t.Fatal(err)
		}
		done := true
		for partition, end := range ends {
			done = done && reach[partition] >= end
		}
		if done {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("the store reaches %v of %v\n%s", reach, ends, r.heard.end())
		}
	}
}

// must acts at the step, which has to come.
func (m *member) must(step string, act func()) {
	m.rig.t.Helper()
	began := time.Now()
	defer func() { m.rig.t.Logf("%s came to %q after %.1f s", m.name, step, time.Since(began).Seconds()) }()
	if !m.at(step, time.Minute, act) {
		m.rig.t.Fatalf("%s never came to: %s\n%s", m.name, step, m.rig.heard.end())
	}
}

// A member sleeps while its insert is on its way. Another finds its plan and carries it out; then the insert arrives. The
// plan makes both the same block under the same token, and the token makes the store take it once.
func TestAnInsertStillOnItsWayWhenAnotherTakesOverChangesNothing(t *testing.T) {
	in := truth.MakeInput(t, 6, 4000, 1000)
	control(t, map[string]func(r *rig){
		"without the token": func(r *rig) {
			conn := truth.Connect(r.t, r.up().dsn)
			if err := conn.Exec(r.t.Context(), "ALTER TABLE events MODIFY SETTING non_replicated_deduplication_window = 0"); err != nil {
				r.t.Fatal(err)
			}
		},
		"without the plan": (*rig).forgetPlans,
	}, func(t *testing.T, r *rig) {
		other := r.members[1]
		other.working(in.Messages[:1000])
		sent := r.store.StallAt("query=INSERT")
		<-startFeed(t, r.config(), in.Messages[1000:2500], 5, 0).done
		select {
		case <-sent:
		case <-time.After(patience):
			t.Fatalf("%s inserts nothing\n%s", other.name, r.heard.end())
		}
		time.Sleep(200 * time.Millisecond) // the rest of the insert leaves the member
		other.process.Freeze()
		r.stored(in.Messages[2500:])
		r.store.Pass()
		time.Sleep(2 * time.Second) // it arrives; its sender still sleeps, so that nobody takes it back
	})
}

// A member sleeps between reading and planning, and wakes up when another has its partitions.
func TestTheGenerationKeepsAMemberThatSleptFromChangingAnything(t *testing.T) {
	in := truth.MakeInput(t, 7, 4000, 1000)
	control(t, map[string]func(r *rig){"without the generation": func(r *rig) {
		r.forgetGenerations(kmsg.OffsetCommit)
	}}, func(t *testing.T, r *rig) {
		r.forgetGenerations(kmsg.Heartbeat) // it is not told before it acts
		other := r.members[1]
		other.working(in.Messages[:1000])
		f := startFeed(t, r.config(), in.Messages[1000:2500], 5, 0)
		other.must("messages are read", other.process.Freeze)
		<-f.done
		r.stored(in.Messages[2500:])
		other.process.Thaw()
		time.Sleep(time.Second)
		other.process.Kill()
		time.Sleep(session) // whoever has its partitions next has looked at them
		r.stored(nil)
	})
}

// working feeds messages until the member has stored some of them.
func (m *member) working(messages []ingest.Message) {
	m.rig.t.Helper()
	f := startFeed(m.rig.t, m.rig.config(), messages, 5, 3*time.Second)
	m.must("a block is inserted", func() {})
	<-f.done
	m.rig.stored(nil)
}

// forgetPlans makes the broker drop the metadata of commits.
func (r *rig) forgetPlans() {
	r.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.OffsetCommit}, Count: -1, When: func(request kmsg.Request) bool {
		for _, topic := range request.(*kmsg.OffsetCommitRequest).Topics { //nolint:forcetypeassert // the key says so
			for i := range topic.Partitions {
				topic.Partitions[i].Metadata = nil
			}
		}
		return false
	}})
}

// forgetGenerations makes the broker take such requests of every member as if they came from the newest generation's.
func (r *rig) forgetGenerations(key kmsg.Key) {
	r.cluster.Fault(kfake.Fault{
		Keys: []kmsg.Key{key}, Group: r.config().Group, Count: -1,
		When: func(request kmsg.Request) bool {
			r.mu.Lock()
			defer r.mu.Unlock()
			switch q := request.(type) {
			case *kmsg.OffsetCommitRequest:
				if q.Generation < r.generation {
					q.Generation, q.MemberID = r.generation, r.newest
				}
			case *kmsg.HeartbeatRequest:
				if q.Generation < r.generation {
					q.Generation, q.MemberID = r.generation, r.newest
				}
			}
			return false
		},
	})
}
