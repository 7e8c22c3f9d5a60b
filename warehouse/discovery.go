package warehouse

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"wenguo/ingest"
	"wenguo/transform/issue"
)

// discoveryTexts is how many complaints are compared, the newest ones: a count, because an imported history may end years
// ago.
const discoveryTexts = 50_000

// look is how often the job looks whether there are new texts to assign and whether a discovery is due.
const look = time.Second

// Discovery finds recurring issues in the stored texts and keeps their ids over the runs: a discovery of all texts on a
// schedule, and between two of them an assignment of each new text within seconds.
//
// Only a discovery can assign: it holds the weights of all words. So the first one is made at once after a start, whenever
// the last one was, and not restored from what is stored: that would read and weigh the same texts, most of the work, and be a
// second way to the same thing.
type Discovery struct {
	store     *Store
	segmenter issue.Segmenter
	options   issue.Options
	every     time.Duration
	texts     int
	now       func() time.Time
	log       *slog.Logger
}

// NewDiscovery makes the job. A discovery runs after the start, as soon as the facts have caught up with the events if there
// was none before; then every so often, and when people decided something about issues.
func NewDiscovery(
	store *Store, segmenter issue.Segmenter, options issue.Options, every time.Duration, now func() time.Time, log *slog.Logger,
) *Discovery {
	return &Discovery{store: store, segmenter: segmenter, options: options, every: every, texts: discoveryTexts, now: now, log: log}
}

// longestRest is how many looks the job leaves out at most after it failed again and again.
const longestRest = 60

// discovered is a published discovery: what assigns until the next one, and how many decisions it knew; or why there is none.
type discovered struct {
	assigner  *assigner
	decisions uint64
	err       error
}

// Run works until ctx ends. Texts are assigned by the last discovery while the next one is made. After a failure the job rests,
// each time twice as long, so that a full disk is not written at, and not complained of, five times a second.
func (d *Discovery) Run(ctx context.Context) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	var (
		last           discovered
		made           = make(chan discovered)
		busy           bool
		failures, rest int
		maker          sync.WaitGroup
	)
	defer maker.Wait()
	for {
		var err error
		select {
		case <-tick.C:
			if rest > 0 {
				rest--
				continue
			}
			busy, err = d.step(ctx, last, busy, func() { maker.Go(func() { d.discoverFor(ctx, made) }) })
		case next := <-made:
			if busy, err = false, next.err; next.assigner != nil {
				last, failures = next, 0
				d.store.matching.Store(next.assigner)
			}
		case <-ctx.Done():
			return nil
		}
		if err != nil && ctx.Err() == nil {
			rest = min(1<<min(failures, 10), longestRest)
			failures++
			d.log.Warn("issue job tries again", "error", err, "after_seconds", rest)
		}
	}
}

// step assigns what is new, then begins a discovery where none is being made and one is due.
func (d *Discovery) step(ctx context.Context, last discovered, busy bool, begin func()) (bool, error) {
	if err := d.assign(ctx, last.assigner); err != nil || busy {
		return busy, err
	}
	due, err := d.due(ctx, last)
	if due && err == nil {
		begin()
	}
	return due, err
}

// discoverFor runs one discovery and hands it over.
func (d *Discovery) discoverFor(ctx context.Context, made chan<- discovered) {
	next, err := d.discover(ctx)
	next.err = err
	select {
	case made <- next:
	case <-ctx.Done():
	}
}

// assign puts everything that is new into its issue.
func (d *Discovery) assign(ctx context.Context, by *assigner) error {
	for more := by != nil; more; {
		var moved int
		var err error
		if moved, more, err = by.assign(ctx, d.now()); err != nil {
			return fmt.Errorf("assign texts: %w", err)
		}
		if moved > 0 {
			d.log.Debug("texts assigned", "moved", moved)
		}
	}
	return nil
}

// due says whether a discovery should be made: none was made since the start, the last one is old enough, or people decided
// something since. The very first one waits until the facts are complete.
func (d *Discovery) due(ctx context.Context, last discovered) (bool, error) {
	run, err := d.store.lastIssueRun(ctx)
	if err != nil {
		return false, err
	}
	if run.run > 0 {
		if last.assigner == nil || d.now().Sub(run.at) >= d.every {
			return true, nil
		}
		decisions, err := d.store.decisionCount(ctx)
		return decisions != last.decisions, err
	}
	reach, err := d.store.Reach(ctx, ingest.TopicEvents)
	if err != nil {
		return false, err
	}
	marks, err := d.store.Watermarks(ctx, FoldWorker, ingest.TopicEvents)
	if err != nil {
		return false, err
	}
	for partition, end := range reach {
		if marks[partition] < end {
			return false, nil
		}
	}
	return len(reach) > 0, nil
}

// Discover makes one discovery now.
func (d *Discovery) Discover(ctx context.Context) error {
	_, err := d.discover(ctx)
	return err
}

// discover reads the texts and what people decided, groups the texts, matches the groups to the issues known before and
// publishes the run. Without texts it gives nothing.
func (d *Discovery) discover(ctx context.Context) (discovered, error) {
	started := d.now()
	marks, err := d.store.Watermarks(ctx, FoldWorker, ingest.TopicEvents) // before the texts: what comes in between is looked at twice
	if err != nil {
		return discovered{}, err
	}
	messages, err := d.store.messages(ctx, d.texts)
	if err != nil || len(messages) == 0 {
		return discovered{}, err
	}
	if err := d.store.saveDuplicates(ctx, messages, started); err != nil {
		return discovered{}, err
	}
	options := d.options
	decisions, err := d.store.boundDecisions(ctx, d.now())
	if err != nil {
		return discovered{}, err
	}
	options.Constraints = issue.Constrain(decisions)
	if options.Earlier, err = d.store.issueMembers(ctx); err != nil {
		return discovered{}, err
	}
	found, err := issue.Discover(ctx, messages, d.segmenter, options)
	if err != nil {
		return discovered{}, fmt.Errorf("discover issues: %w", err)
	}
	issues := issue.Match(options.Earlier, messages, found.Issues)
	saved, err := d.store.saveIssues(ctx, issues, messages, d.now())
	if err != nil {
		return discovered{}, err
	}
	d.store.settledAs(saved.run, decisions)
	if err := d.store.Settle(ctx, d.now()); err != nil { // what was decided meanwhile
		return discovered{}, err
	}
	d.log.Info("issues discovered", "messages", len(messages), "issues", len(issues), "decisions", len(decisions),
		"seconds", d.now().Sub(started).Seconds())
	return discovered{assigner: newAssigner(d.store, d.segmenter, found, saved, messages, marks), decisions: uint64(len(decisions))}, nil
}
