package faults_test

import (
	"math/rand/v2"
	"slices"
	"time"
)

// What is broken.
const (
	killMember     = "kill a consumer"
	killParent     = "kill up, its engine follows"
	killGroup      = "kill up and its engine"
	killEngine     = "kill the engine"
	killEverything = "kill everything"
	freeze         = "freeze a member beyond its session"
	roll           = "restart all members, one after another"
	badBus         = "bad network to Kafka"
	badStore       = "bad network to the store"
	noLetters      = "dead letters are not taken"
	brokerError    = "errors of the broker"
)

// share is how often each comes: in the short schedule exactly, in a soak by chance.
var share = []struct {
	what  string
	times int
}{
	{killMember, 9},
	{killEngine, 4},
	{killParent, 3},
	{killGroup, 2},
	{killEverything, 2},
	{freeze, 2},
	{roll, 1},
	{badBus, 2},
	{badStore, 2},
	{noLetters, 1},
	{brokerError, 2},
}

// Lines of the logs after which something is killed or frozen at once: a consumer's, and those of the facts' worker beside
// the store. The empty one is no line: any moment.
var (
	consumerSteps = []string{
		"", "", "the group's offset is read", "messages are read", "dead letters are about to be written", "dead letters are written",
		"a commit is about to be sent", "a commit is acknowledged", "a block is about to be inserted", "a block is inserted",
	}
	factsSteps = []string{"facts are about to be stored", "facts are stored", "sums are made, the place is remembered next"}
)

// fault is one entry of a schedule.
type fault struct {
	what string
	// victim is a number that picks the member; dice decides what else there is to decide.
	victim int
	step   string
	delay  time.Duration
	dice   uint64
}

func draw(rng *rand.Rand, what string) fault {
	f := fault{what: what, victim: rng.IntN(1 << 16), delay: time.Duration(rng.IntN(400)) * time.Millisecond, dice: rng.Uint64()}
	all := consumerSteps
	if what == killParent || what == killGroup || what == killEngine || what == killEverything {
		f.victim = 0 // the store, the facts' worker and a consumer
		all = append(slices.Clone(consumerSteps), factsSteps...)
	}
	f.step = all[rng.IntN(len(all))]
	return f
}

// short is a schedule of every fault, in an order of the seed's.
func short(rng *rand.Rand) []fault {
	var all []fault
	for _, s := range share {
		for range s.times {
			all = append(all, draw(rng, s.what))
		}
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// next draws one fault of an endless schedule.
func next(rng *rand.Rand) fault {
	total := 0
	for _, s := range share {
		total += s.times
	}
	n := rng.IntN(total)
	for _, s := range share {
		if n -= s.times; n < 0 {
			return draw(rng, s.what)
		}
	}
	panic("unreachable")
}
