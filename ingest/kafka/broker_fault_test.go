package kafka_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

func TestFaultsOfTheBrokerLoseAndDoubleNothing(t *testing.T) {
	key := func(k kmsg.Key, err *kerr.Error, count int) []kfake.Fault {
		return []kfake.Fault{{Keys: []kmsg.Key{k}, Err: err, Count: count}}
	}
	for name, faults := range map[string][]kfake.Fault{
		"another broker leads":                    key(kmsg.Fetch, kerr.NotLeaderForPartition, 3),
		"a fetch is throttled":                    key(kmsg.Fetch, kerr.ThrottlingQuotaExceeded, 3),
		"the disk of the log fails":               key(kmsg.Fetch, kerr.KafkaStorageError, 3),
		"another broker coordinates":              key(kmsg.OffsetCommit, kerr.NotCoordinator, 3),
		"the coordinator loads":                   key(kmsg.OffsetFetch, kerr.CoordinatorLoadInProgress, 2),
		"a commit is taken and its answer lost":   key(kmsg.OffsetCommit, kerr.RequestTimedOut, 4),
		"a commit comes from an unknown member":   key(kmsg.OffsetCommit, kerr.UnknownMemberID, 1),
		"a commit comes from another generation":  key(kmsg.OffsetCommit, kerr.IllegalGeneration, 2),
		"a commit comes while members join":       key(kmsg.OffsetCommit, kerr.RebalanceInProgress, 1),
		"a heartbeat comes from an unknown one":   key(kmsg.Heartbeat, kerr.UnknownMemberID, 1),
		"offsets of the log are not to be had":    key(kmsg.ListOffsets, kerr.LeaderNotAvailable, 2),
		"dead letters are not taken for a moment": key(kmsg.Produce, kerr.NotEnoughReplicas, 2),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.produce(200, every(40))
			h := r.cluster.Fault(faults...)
			m := r.join(r.store, nil)
			r.settle()
			if faults[0].Keys[0] == kmsg.Heartbeat {
				if err := h.Wait(t.Context(), 1); err != nil {
					t.Error(err)
				}
			}
			h.Remove()
			r.produce(100, every(40))
			r.settle()
			m.stop()
			r.verify()
			if h.Hits() == 0 {
				t.Error("the fault was never met, so the test proves nothing")
			}
		})
	}
}

// deleteBefore makes the broker forget the first messages of a partition, as retention does.
func (r *rig) deleteBefore(partition int32, offset int64) {
	r.t.Helper()
	client, err := kgo.NewClient(kgo.SeedBrokers(r.cfg.Brokers...))
	if err != nil {
		r.t.Fatal(err)
	}
	defer client.Close()
	request := kmsg.NewPtrDeleteRecordsRequest()
	request.TimeoutMillis = 5000
	request.Topics = []kmsg.DeleteRecordsRequestTopic{{
		Topic: r.cfg.Topic, Partitions: []kmsg.DeleteRecordsRequestTopicPartition{{Partition: partition, Offset: offset}},
	}}
	answer, err := request.RequestWith(r.t.Context(), client)
	if err == nil {
		err = kerr.ErrorForCode(answer.Topics[0].Partitions[0].ErrorCode)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func TestWhatRetentionDeletedIsCountedAndTheRestIsStored(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.cfg.FloodRun = 0
	r.produce(100, none)
	m := r.join(r.store, nil)
	r.settle()
	m.stop()
	r.produce(200, none)
	ends, err := kafka.EndOffsets(t.Context(), r.cfg, r.cfg.Topic)
	if err != nil {
		t.Fatal(err)
	}
	_, stored, err := r.store.LastBlock(t.Context(), r.cfg.Topic, 0)
	if err != nil {
		t.Fatal(err)
	}
	r.deleteBefore(0, stored+10)
	m = r.join(r.store, nil)
	waitFor(t, "the rest is held", func() bool { return r.held() == r.sent-10 })
	waitFor(t, "the loss is counted", func() bool { return m.total(t, "lost_messages_total") == 10 })
	kept, err := r.store.Offsets(t.Context(), r.cfg.Topic, 0, 0, ends[0])
	if err != nil {
		t.Fatal(err)
	}
	if int64(len(kept)) != ends[0]-10 {
		t.Errorf("%d of %d messages are held, 10 were deleted", len(kept), ends[0])
	}
	checks, err := r.store.Verify(t.Context(), r.cfg.Topic)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.OK() != (c.Partition != 0) || c.Duplicates != 0 {
			t.Errorf("the verifier says %+v; partition 0 alone lacks messages", c)
		}
	}
}

func TestADeadLetterTooLargeForItsTopicIsCut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := kafka.NewProducer(r.cfg, r.cfg.Topic)
	large := message(0)
	large.Value = bytes.Repeat([]byte("x"), ingest.MaxEventBytes+1)
	if err := p.Produce(t.Context(), []ingest.Message{large, message(1)}); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	r.sent = 2
	h := r.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: r.cfg.DeadLetters, Err: kerr.MessageTooLarge, Count: -1, When: func(request kmsg.Request) bool {
		produced, ok := request.(*kmsg.ProduceRequest)
		return ok && len(produced.Topics[0].Partitions[0].Records) > ingest.MaxEventBytes/512 // a run of one letter packs well
	}})
	r.join(r.store, nil)
	r.settle()
	r.verify()
	if h.Hits() < 2 || r.letters() != 1 {
		t.Errorf("refused %d times for its size, %d dead letters, want 1", h.Hits(), r.letters())
	}
}

func TestADeadLetterTopicThatIsAwayStopsOnlyThePartitionsThatNeedIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.cfg.InFlightBytes = int64(r.cfg.BlockBytes) // a partition that waits must not keep the room
	r.produce(1, every(1))
	h := r.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Topic: r.cfg.DeadLetters, Err: kerr.NotEnoughReplicas, Count: -1})
	m := r.join(r.store, nil)
	waitFor(t, "a dead letter is refused", func() bool { return m.total(t, "dead_letter_errors_total") > 0 })
	r.produce(300, none)
	ends, err := kafka.EndOffsets(t.Context(), r.cfg, r.cfg.Topic)
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, "one partition is stored to its end and the other stands still", func() bool {
		a, b := r.reach(0), r.reach(1)
		return a == ends[0] && b == 0 || a == 0 && b == ends[1]
	})
	waitFor(t, "the lag of the partition that waits is told", func() bool { return m.total(t, "lag_messages") > 0 })
	h.Remove()
	r.settle()
	r.verify()
}

// reach is the end of what is held of a partition.
func (r *rig) reach(partition int) int64 {
	r.t.Helper()
	_, end, err := r.store.LastBlock(r.t.Context(), r.cfg.Topic, partition)
	if err != nil {
		r.t.Fatal(err)
	}
	return end
}

func TestThrottledMembersLoseNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.gate.Delay(15 * time.Millisecond)
	r.produce(200, every(40))
	r.join(r.store, nil)
	r.settle()
	r.verify()
}
