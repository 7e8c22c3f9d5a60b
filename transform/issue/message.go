package issue

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// Message is one text that may belong to a recurring issue.
type Message struct {
	// ID names the message; results do not depend on the order messages come in, only on their ids and content.
	ID string
	// User is the customer; empty means a customer of its own.
	User  string
	Title string
	Text  string
	// Time is when the message was sent; zero is unknown.
	Time time.Time
}

// Bodies are what near-duplicates are found by: of each message its text, or its title where it has no text.
func Bodies(messages []Message) []string {
	bodies := make([]string, len(messages))
	for i, m := range messages {
		if bodies[i] = m.Text; strings.TrimSpace(m.Text) == "" {
			bodies[i] = m.Title
		}
	}
	return bodies
}

// Segmenter cuts a normalised text into words.
type Segmenter interface {
	// CutOf returns its pieces in their order, words and punctuation; joined they give the text again.
	CutOf(normal string) []string
}

// Options of a discovery; the zero value is the default.
type Options struct {
	// Without is for measuring alone.
	Without Without
	// MinMessages and MinCustomers are the least an issue has; 0 means 2 messages and 1 customer.
	MinMessages  int
	MinCustomers int
	// Workers is the number of goroutines; 0 means one per processor.
	Workers int
	// Constraints are what people decided; Earlier tells the issue each message belonged to after the discovery before,
	// which it leaves only when the evidence against staying is clear.
	Constraints Constraints
	Earlier     map[string]string
	// Progress, when set, is told how much of the whole is done, from 0 to 1; it is called from one goroutine at a time.
	Progress func(step string, done float64)
}

// Issue is a recurring issue as discovered.
type Issue struct {
	// ID is empty until Match gives one, except where people decided it.
	ID string
	// Name is a phrase of the issue's own words: the thing and its fault.
	Name string
	// Theme is the fault that it shares with other issues, "" for none: issues of one theme differ in their thing.
	Theme string
	// Members are indexes into the messages that were given, in the order of their ids.
	Members []int
	// Keywords carry the similarity inside the issue, heaviest first; Weight is a share of the whole, 0–1.
	Keywords []Keyword
	// Representatives are up to three members closest to the issue's profile, of different customers where it has them.
	Representatives []int
	// Customers counts distinct customers.
	Customers           int
	FirstSeen, LastSeen time.Time
	// MergedFrom are ids of earlier issues that this one took over, SplitFrom those of earlier issues that go on and that
	// this new one was a part of; Match sets them.
	MergedFrom, SplitFrom []string
}

// Result is what a discovery found, and what it takes to assign a new text.
type Result struct {
	// Issues are ordered by customers, then messages, then the id of the first member.
	Issues []Issue
	model  *model
}

// Discover groups messages into recurring issues: the same thing with the same fault. Most messages belong to none.
// It fails only when the context ends.
func Discover(ctx context.Context, messages []Message, seg Segmenter, opts Options) (Result, error) {
	opts = opts.withDefaults()
	order := make([]int, len(messages))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return compareMessages(messages[a], messages[b]) })

	c, err := readCorpus(ctx, messages, order, seg, opts)
	if err != nil {
		return Result{}, err
	}
	g, err := weigh(ctx, c, opts)
	if err != nil {
		return Result{}, err
	}
	strong, links, err := findLinks(ctx, g, opts)
	if err != nil {
		return Result{}, err
	}
	named := c.namings()
	clusters := average(g, strong, named)
	m := newMerger(c, g, named)
	clusters = m.regroup(clusters)
	opts.Progress("regroup", 0.8)
	clusters, err = m.merge(ctx, clusters, opts)
	if err != nil {
		return Result{}, err
	}
	clusters, err = m.cover(ctx, clusters, links)
	if err != nil {
		return Result{}, err
	}
	clusters = m.part(clusters)
	fixed := opts.Constraints.pinsOf(messages, order)
	clusters = m.constrain(m.settle(clusters, opts.earlier(messages, order)), fixed)
	d := describer{messages: messages, order: order, m: m, seg: seg}
	all, err := d.all(ctx, clusters, opts)
	if err != nil {
		return Result{}, err
	}
	var r Result
	for _, f := range all {
		r.Issues = append(r.Issues, f.issue)
	}
	r.model = newModel(c, g, m, all)
	r.fix(opts.Constraints, fixed)
	opts.Progress("describe", 1)
	return r, nil
}

// compareMessages is a total order on content, so that even messages with one id come in one order.
func compareMessages(a, b Message) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.User, b.User), a.Time.Compare(b.Time),
		cmp.Compare(a.Title, b.Title), cmp.Compare(a.Text, b.Text))
}
