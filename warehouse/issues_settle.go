package warehouse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"wenguo/transform/issue"
)

// errNotDiscovered says that this program made no discovery that decisions could change.
var errNotDiscovered = errors.New("decisions take effect with the first discovery after the start")

// settling is what of people's decisions the published run shows. The lock also keeps two from binding decisions at once:
// what issues held is read before any of it is moved.
type settling struct {
	lock sync.Mutex
	run  uint64
	by   []issue.Decision
	// into leads from the issues of the run that decisions put away to those that took them over.
	into map[string]string
}

// settledAs says which decisions a run was made with.
func (s *Store) settledAs(run uint64, by []issue.Decision) {
	s.settling.lock.Lock()
	defer s.settling.lock.Unlock()
	s.settling.run, s.settling.by, s.settling.into = run, by, map[string]string{}
}

// standsFor is the issue that stands for one of a run's.
func (s *Store) standsFor(run uint64, id string) string {
	s.settling.lock.Lock()
	defer s.settling.lock.Unlock()
	if s.settling.run != run {
		return id
	}
	return last(id, s.settling.into)
}

// Settle lets the current issues show what people decided since the last discovery: complaints move, issues come and go.
// The next discovery finds the same, and puts the complaints that nobody decided about where they belong. Repeating it
// changes nothing. It fails when this program has not discovered anything.
func (s *Store) Settle(ctx context.Context, now time.Time) error {
	s.settling.lock.Lock()
	defer s.settling.lock.Unlock()
	run, err := s.lastIssueRun(ctx)
	if err != nil {
		return err
	}
	if run.run == 0 || run.run != s.settling.run {
		return errNotDiscovered
	}
	decisions, err := s.decisionsOf(ctx, "decisions_of_issues")
	if err != nil || len(decisions) == len(s.settling.by) {
		return err
	}
	if err := s.bind(ctx, decisions, now); err != nil {
		return err
	}
	m := mover{before: s.settling.by, after: decisions, run: run.run, now: now}
	if m.of, err = s.issueMembers(ctx); err != nil {
		return err
	}
	if err := s.move(ctx, &m); err != nil {
		return err
	}
	s.settling.by = decisions
	maps.Copy(s.settling.into, m.into)
	for _, id := range m.back {
		delete(s.settling.into, id)
	}
	return nil
}

// mover is one settling.
type mover struct {
	before, after []issue.Decision
	run           uint64
	now           time.Time
	// of are the members as they are, then as they will be.
	of map[string]string
	// into are the issues that are put away, with those that take them over; back those that are there again or new.
	into map[string]string
	back []string
}

// targets tells where complaints belong by the decisions, as far as these changed.
func (m *mover) targets() map[string]string {
	before, after := issue.Constrain(m.before).Pins, issue.Constrain(m.after).Pins
	to := map[string]string{}
	for complaint, pin := range after {
		if old, was := before[complaint]; (!was || old.Issue != pin.Issue) && m.of[complaint] != pin.Issue {
			to[complaint] = pin.Issue
		}
	}
	homes := m.homes()
	for complaint := range before {
		_, pinned := after[complaint]
		home, known := homes[complaint]
		if !pinned && known && m.of[complaint] != home {
			to[complaint] = home
		}
	}
	return to
}

// homes tells where complaints were before the decisions that hold no longer.
func (m *mover) homes() map[string]string {
	holding := func(decisions []issue.Decision) map[string]bool {
		out := map[string]bool{}
		for _, e := range issue.Curate(decisions).Log {
			if e.UndoneBy == "" {
				out[e.Subject+"\x00"+e.ID] = true
			}
		}
		return out
	}
	held, holds := holding(m.before), holding(m.after)
	homes := map[string]string{}
	for _, e := range slices.Backward(issue.Curate(m.before).Log) { // the earliest counts
		if key := e.Subject + "\x00" + e.ID; !held[key] || holds[key] {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(e.Held)) {
			for _, complaint := range e.Held[name].Complaints {
				homes[complaint] = e.Held[name].Issue
			}
		}
		if e.Place != nil {
			homes[e.Place.Complaint] = e.Place.Was
		}
	}
	return homes
}

// move stores what a settling changes: the moves last, so that no complaint is ever in an issue that is not there.
func (s *Store) move(ctx context.Context, m *mover) error {
	to := m.targets()
	if len(to) == 0 {
		return nil
	}
	var moves []move
	fresh := map[string][]string{}
	taken := map[[2]string]uint64{}
	for part := range slices.Chunk(slices.Sorted(maps.Keys(to)), passComplaints) {
		texts, err := s.texts(with(ctx, values{"ids": list(part)}), "texts_of")
		if err != nil {
			return err
		}
		for _, t := range texts {
			moves = append(moves, move{complaint: t.ID, issue: to[t.ID], evidence: 1, registered: t.Time})
			taken[[2]string{m.of[t.ID], to[t.ID]}]++
			fresh[to[t.ID]] = append(fresh[to[t.ID]], t.ID)
			m.of[t.ID] = to[t.ID]
		}
	}
	if err := s.revise(ctx, m, fresh, taken); err != nil {
		return err
	}
	return s.saveMoves(ctx, m.run, moves, m.now)
}

// revise writes the issues that come and go, and what became of them. fresh are the complaints that come into each issue,
// taken counts them by where they were and where they go.
func (s *Store) revise(ctx context.Context, m *mover, fresh map[string][]string, taken map[[2]string]uint64) error {
	known, err := s.knownIssues(ctx)
	if err != nil {
		return err
	}
	present, filled := map[string]knownIssue{}, map[string]bool{"": true}
	for _, id := range m.of {
		filled[id] = true
	}
	var rows []knownIssue
	var gone []bool
	var changes []issue.Change
	m.into = map[string]string{}
	for _, k := range known {
		present[k.id] = k
		if filled[k.id] {
			continue
		}
		into, n := heir(k.id, taken)
		rows, gone = append(rows, k), append(gone, true)
		change := issue.Change{Kind: issue.Ended, From: k.id, Name: k.name}
		if into != "" {
			m.into[k.id] = into
			change = issue.Change{Kind: issue.Taken, From: k.id, Into: into, Name: k.name, Complaints: int64(n)} //nolint:gosec // a count
		}
		changes = append(changes, change)
	}
	for _, id := range slices.Sorted(maps.Keys(fresh)) {
		if _, there := present[id]; there || id == "" {
			continue
		}
		row, from, err := s.returning(ctx, m, id, fresh[id], present)
		if err != nil {
			return err
		}
		m.back, rows, gone = append(m.back, id), append(rows, row), append(gone, false)
		if from == "" {
			from = origin(id, taken)
		}
		if from != "" {
			changes = append(changes, issue.Change{Kind: issue.Parted, From: from, Into: id, Name: present[from].name, Complaints: int64(len(fresh[id]))})
		}
	}
	if err := s.insertRevised(ctx, m, rows, gone); err != nil {
		return err
	}
	var taking []issue.Issue
	for _, from := range slices.Sorted(maps.Keys(m.into)) {
		taking = append(taking, issue.Issue{ID: m.into[from], MergedFrom: []string{from}})
	}
	if err := s.insertLineage(ctx, m.run, taking); err != nil {
		return err
	}
	return s.insertChanges(ctx, m.run, changes, m.now)
}

// heir is the issue that got most of another's complaints, none included.
func heir(id string, taken map[[2]string]uint64) (into string, most uint64) {
	for pair, n := range taken {
		if pair[0] == id && pair[1] != "" && (n > most || n == most && pair[1] < into) {
			into, most = pair[1], n
		}
	}
	return into, most
}

// origin is the issue that most of another's complaints come from, none included.
func origin(id string, taken map[[2]string]uint64) (from string) {
	most := uint64(0)
	for pair, n := range taken {
		if pair[1] == id && pair[0] != "" && (n > most || n == most && pair[0] < from) {
			from, most = pair[0], n
		}
	}
	return from
}

// returning is an issue that is not there: as it was, or a new part of another one, which is from.
func (s *Store) returning(ctx context.Context, m *mover, id string, members []string, present map[string]knownIssue) (row knownIssue, from string, err error) {
	row = knownIssue{id: id, keywords: []string{}, weights: []float64{}}
	for _, d := range m.after {
		if d.Split == nil {
			continue
		}
		for group := range d.Split.Groups {
			if issue.PartID(d.Subject, d.ID, group) == id {
				from = cmp.Or(d.Held[d.Split.Issue].Issue, d.Split.Issue)
				row.name, row.keywords, row.weights = present[from].name+" · 拆出", present[from].keywords, present[from].weights
			}
		}
	}
	if from == "" {
		before, err := s.readIssues(ctx, "issues_gone")
		if err != nil {
			return row, "", err
		}
		if k := slices.IndexFunc(before, func(k knownIssue) bool { return k.id == id }); k >= 0 {
			return before[k], "", nil
		}
		err = s.pairs(ctx, "page_issue_called", func(gone, name string) {
			if gone == id {
				row.name = name
			}
		})
		if err != nil {
			return row, "", fmt.Errorf("read names of issues: %w", err)
		}
	}
	row.representatives = members[:min(len(members), 3)]
	return row, from, nil
}

func (s *Store) insertRevised(ctx context.Context, m *mover, rows []knownIssue, gone []bool) error {
	if len(rows) == 0 {
		return nil
	}
	var (
		ids, names               []string
		keywords, samples, taken [][]string
		weights                  [][]float64
	)
	for _, k := range rows {
		ids, names, taken = append(ids, k.id), append(names, k.name), append(taken, []string{})
		keywords, weights, samples = append(keywords, k.keywords), append(weights, k.weights), append(samples, k.representatives)
	}
	n := len(rows)
	columns := []any{slices.Repeat([]uint64{m.run}, n), ids, names, keywords, weights, samples, taken, slices.Repeat([]time.Time{m.now}, n), gone}
	if err := s.insert(ctx, "insert_issues_revised", columns); err != nil {
		return fmt.Errorf("revise issues: %w", err)
	}
	return nil
}
