package warehouse

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"wenguo/ingest"
	"wenguo/transform/issue"
)

// discoveryTexts is how many complaints are compared, the newest ones: a count, because an imported history may end years
// ago.
const discoveryTexts = 50_000

// firstLook is how often an idle job looks whether there is something to discover.
const firstLook = 2 * time.Second

// Discovery finds recurring issues in the stored texts, on a schedule, and keeps their ids over the runs.
type Discovery struct {
	store     *Store
	segmenter issue.Segmenter
	options   issue.Options
	every     time.Duration
	now       func() time.Time
	log       *slog.Logger
}

// NewDiscovery makes the job; it runs as soon as the facts have caught up with the events, then every so often.
func NewDiscovery(
	store *Store, segmenter issue.Segmenter, options issue.Options, every time.Duration, now func() time.Time, log *slog.Logger,
) *Discovery {
	return &Discovery{store: store, segmenter: segmenter, options: options, every: every, now: now, log: log}
}

// Run works until ctx ends.
func (d *Discovery) Run(ctx context.Context) error {
	tick := time.NewTicker(firstLook)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
		due, err := d.due(ctx)
		if err == nil && due {
			err = d.Discover(ctx)
		}
		if err != nil && ctx.Err() == nil {
			d.log.Warn("issue discovery tries again", "error", err)
		}
	}
}

// due says whether the facts are complete and the last run is old enough, or there is none.
func (d *Discovery) due(ctx context.Context) (bool, error) {
	last, err := d.store.lastIssueRun(ctx)
	if err != nil {
		return false, err
	}
	if last.run > 0 && d.now().Sub(last.at) < d.every {
		return false, nil
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
		if marks[partition] < end && last.run == 0 {
			return false, nil
		}
	}
	return len(reach) > 0, nil
}

// Discover reads the texts, groups them, matches the groups to the issues known before and publishes the run.
func (d *Discovery) Discover(ctx context.Context) error {
	started := d.now()
	messages, err := d.store.messages(ctx, discoveryTexts)
	if err != nil {
		return err
	}
	if len(messages) == 0 {
		return nil
	}
	if err := d.store.saveDuplicates(ctx, messages, started); err != nil {
		return err
	}
	found, err := issue.Discover(ctx, messages, d.segmenter, d.options)
	if err != nil {
		return fmt.Errorf("discover issues: %w", err)
	}
	previous, err := d.store.issueMembers(ctx)
	if err != nil {
		return err
	}
	issues := issue.Match(previous, messages, found.Issues)
	if err := d.store.saveIssues(ctx, issues, messages, d.now()); err != nil {
		return err
	}
	d.log.Info("issues discovered", "messages", len(messages), "issues", len(issues), "seconds", d.now().Sub(started).Seconds())
	return nil
}
