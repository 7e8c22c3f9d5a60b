package issue

import (
	"cmp"
	"maps"
	"slices"
)

// Constraints are what people decided about messages, which discovery and assignment respect whatever the texts say.
// Messages are named by id; what concerns messages that are not there is ignored. Constrain makes them from decisions.
type Constraints struct {
	// Pins tell the issue that a message belongs to: messages of one issue are together, and the issue has that id.
	Pins map[string]Pin
	// Apart are pairs of issues that never become one. Issues that are not named in it may, when the texts say so.
	Apart [][2]string
}

// Pin puts one message into an issue.
type Pin struct {
	// Issue is the id of the issue; "" is no issue at all: the message stays alone.
	Issue string
	// Core names the part of the issue that the message was seen in, before that part was joined with others or divided.
	// The group that discovery finds most of a core in follows it as a whole. Without a core the message moves alone.
	Core string
}

// Numbers of a text's issue that are no issue.
const (
	unpinned = -1
	alone    = -2
)

// pins are Constraints by position of the texts.
type pins struct {
	// issue is a text's issue, or unpinned, or alone.
	issue []int32
	names []string
	// cores are the positions that every core holds, and coreOf is the issue of each.
	cores  [][]int32
	coreOf []int32
	apart  map[[2]int32]bool
}

// pinsOf returns nil where nothing is constrained.
func (c Constraints) pinsOf(messages []Message, order []int) *pins {
	p := &pins{issue: make([]int32, len(order)), apart: map[[2]int32]bool{}}
	numbers, coreNumbers := map[string]int32{}, map[[2]string]int{}
	used := false
	for t, i := range order {
		p.issue[t] = unpinned
		pin, ok := c.Pins[messages[i].ID]
		if !ok {
			continue
		}
		used = true
		if pin.Issue == "" {
			p.issue[t] = alone
			continue
		}
		n, ok := numbers[pin.Issue]
		if !ok {
			n = int32(len(p.names))
			numbers[pin.Issue], p.names = n, append(p.names, pin.Issue)
		}
		p.issue[t] = n
		if pin.Core == "" {
			continue
		}
		key := [2]string{pin.Issue, pin.Core}
		k, ok := coreNumbers[key]
		if !ok {
			k = len(p.cores)
			coreNumbers[key] = k
			p.cores, p.coreOf = append(p.cores, nil), append(p.coreOf, n)
		}
		p.cores[k] = append(p.cores[k], int32(t))
	}
	if !used {
		return nil
	}
	for _, pair := range c.Apart {
		a, known := numbers[pair[0]]
		b, too := numbers[pair[1]]
		if known && too && a != b {
			p.apart[[2]int32{a, b}], p.apart[[2]int32{b, a}] = true, true
		}
	}
	return p
}

// constrain makes clusters obey people. Each core brings the cluster along that holds most of it; a cluster that issues
// told apart lay claim to is divided among them, each text going to the pinned ones it resembles most; every other pinned
// text moves alone.
func (m *merger) constrain(clusters [][]int32, p *pins) [][]int32 {
	if p == nil {
		return clusters
	}
	home := make([]int32, len(p.issue))
	for k, members := range clusters {
		for _, t := range members {
			home[t] = int32(k)
		}
	}
	joined := newTogether(len(p.names))
	claims := p.claims(len(clusters), home)
	for k := range claims {
		for _, n := range claims[k][min(1, len(claims[k])):] {
			joined.join(claims[k][0], n, p.apart)
		}
	}
	groups := map[int32][]int32{}
	var out [][]int32
	for k, members := range clusters {
		var left []int32
		owners := joined.roots(claims[k])
		nearest := m.nearestOf(owners, joined, p, members)
		for _, t := range members {
			switch n := p.issue[t]; {
			case n == alone:
				out = append(out, []int32{t})
			case n >= 0:
				root := joined.root(n)
				groups[root] = append(groups[root], t)
			case len(owners) == 0:
				left = append(left, t)
			default:
				root := nearest(t)
				groups[root] = append(groups[root], t)
			}
		}
		if len(left) > 0 {
			out = append(out, left)
		}
	}
	for _, root := range slices.Sorted(maps.Keys(groups)) {
		slices.Sort(groups[root])
		out = append(out, groups[root])
	}
	return out
}

// claims lists, per cluster, the issues with a core that has most of its texts there, those with most texts first.
func (p *pins) claims(clusters int, home []int32) [][]int32 {
	out := make([][]int32, clusters)
	weight := map[[2]int32]int{}
	for k, texts := range p.cores {
		count := map[int32]int{}
		for _, t := range texts {
			count[home[t]]++
		}
		host := int32(-1)
		for _, c := range slices.Sorted(maps.Keys(count)) {
			if host < 0 || count[c] > count[host] {
				host = c
			}
		}
		n := p.coreOf[k]
		if weight[[2]int32{host, n}] == 0 {
			out[host] = append(out[host], n)
		}
		weight[[2]int32{host, n}] += count[host]
	}
	for c := range out {
		slices.SortFunc(out[c], func(x, y int32) int {
			return cmp.Or(cmp.Compare(weight[[2]int32{int32(c), y}], weight[[2]int32{int32(c), x}]), cmp.Compare(p.names[x], p.names[y]))
		})
	}
	return out
}

// nearestOf tells which owner of a divided cluster a text of it resembles most: by the mean similarity with its pinned texts.
func (m *merger) nearestOf(owners []int32, joined *together, p *pins, members []int32) func(t int32) int32 {
	if len(owners) == 1 {
		return func(int32) int32 { return owners[0] }
	}
	sums, counts := make([]vector, len(owners)), make([]float64, len(owners))
	for _, t := range members {
		if n := p.issue[t]; n >= 0 {
			if k := slices.Index(owners, joined.root(n)); k >= 0 {
				sums[k], counts[k] = add(sums[k], m.g.x[t]), counts[k]+1
			}
		}
	}
	return func(t int32) int32 {
		best, most := 0, -1.0
		for k := range owners {
			if s := dot(m.g.x[t], sums[k]) / max(counts[k], 1); s > most {
				best, most = k, s
			}
		}
		return owners[best]
	}
}

// idOf names the issue that people put most of the texts into, "" where they put none.
func (p *pins) idOf(texts []int32) string {
	if p == nil {
		return ""
	}
	count := map[string]int{}
	for _, t := range texts {
		if n := p.issue[t]; n >= 0 {
			count[p.names[n]]++
		}
	}
	best := ""
	for _, name := range slices.Sorted(maps.Keys(count)) {
		if best == "" || count[name] > count[best] {
			best = name
		}
	}
	return best
}

// together are sets of issues that are one.
type together struct {
	at  []int32
	all [][]int32
}

func newTogether(n int) *together {
	s := &together{at: make([]int32, n), all: make([][]int32, n)}
	for i := range s.at {
		s.at[i], s.all[i] = int32(i), []int32{int32(i)}
	}
	return s
}

func (s *together) root(i int32) int32 { return s.at[i] }

// join makes the sets of a and b one, unless a member of one is told apart from a member of the other.
func (s *together) join(a, b int32, apart map[[2]int32]bool) {
	a, b = s.at[a], s.at[b]
	if a == b {
		return
	}
	for _, x := range s.all[a] {
		for _, y := range s.all[b] {
			if apart[[2]int32{x, y}] {
				return
			}
		}
	}
	for _, y := range s.all[b] {
		s.at[y] = a
	}
	s.all[a], s.all[b] = append(s.all[a], s.all[b]...), nil
}

// roots are the distinct sets of some issues, in their order.
func (s *together) roots(issues []int32) []int32 {
	var out []int32
	for _, i := range issues {
		if r := s.at[i]; !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}
