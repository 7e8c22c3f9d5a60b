package issue_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"wenguo/transform/issue"
)

// remembered cuts every text once: property tests read the same ones again and again.
type remembered struct {
	seg  issue.Segmenter
	mu   sync.Mutex
	seen map[string][]string
}

func (r *remembered) CutOf(normal string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	cut, ok := r.seen[normal]
	if !ok {
		cut = r.seg.CutOf(normal)
		r.seen[normal] = cut
	}
	return slices.Clone(cut)
}

// told are complaints about things and faults in several wordings: issues that are close to each other.
func told() []issue.Message {
	var out []issue.Message
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for thing := range strings.FieldsSeq("海棠小区电梯 云雀钱包 飞羽健身房") {
		for fault := range strings.FieldsSeq("半夜异响吵醒孩子 收费标准突然翻倍 客服电话一直占线 押金迟迟不退还") {
			for n, frame := range strings.Fields("%s%s，没人管 投诉%s：%s %s又%s，已经反映多次 请问%s为什么%s %s还是%s") {
				i := len(out)
				out = append(out, issue.Message{
					ID: fmt.Sprintf("c%03d", i), User: fmt.Sprintf("u%d", i), Time: day.AddDate(0, 0, n),
					Text: fmt.Sprintf(frame, thing, fault),
				})
			}
		}
	}
	for i, text := range strings.Fields("路口红绿灯坏了 公园长椅断了 菜市场地面湿滑 河道有异味 图书馆闭馆太早 公交改线没有通知 井盖松动 路灯不亮") {
		out = append(out, issue.Message{ID: fmt.Sprintf("s%03d", i), User: fmt.Sprintf("v%d", i), Time: day, Text: text})
	}
	return out
}

// promised is what decisions ask for, kept the plain way: a label per complaint, and labels told apart.
type promised struct {
	label map[string]string // "" for no issue
	apart map[[2]string]bool
}

func (p promised) relabel(from, to string) {
	for c, l := range p.label {
		if l == from {
			p.label[c] = to
		}
	}
	for pair := range maps.Clone(p.apart) {
		if pair[0] == from || pair[1] == from {
			delete(p.apart, pair)
			for i := range pair {
				if pair[i] == from {
					pair[i] = to
				}
			}
			if pair[0] != pair[1] {
				p.apart[pair] = true
			}
		}
	}
}

func (p promised) hold(complaints []string, label string) {
	for _, c := range complaints {
		if _, known := p.label[c]; !known {
			p.label[c] = label
		}
	}
}

// check compares a discovery with the promises; members are complaint ids by issue id.
func (p promised) check(rt *rapid.T, members map[string][]string, of map[string]string, present map[string]bool) {
	in := map[string]map[string]bool{}
	count := map[string]int{}
	for c, l := range p.label {
		if !present[c] {
			continue
		}
		if l == "" {
			if of[c] != "" {
				rt.Fatalf("%s belongs to no issue, yet is in %s", c, of[c])
			}
			continue
		}
		count[l]++
		if in[l] == nil {
			in[l] = map[string]bool{}
		}
		in[l][of[c]] = true
	}
	for l, issues := range in {
		if len(issues) > 1 || count[l] > 1 && issues[""] {
			rt.Fatalf("the complaints of %s are in %v", l, slices.Sorted(maps.Keys(issues)))
		}
	}
	for pair := range p.apart {
		for id := range in[pair[0]] {
			if id != "" && in[pair[1]][id] {
				rt.Fatalf("%s and %s are one issue %s", pair[0], pair[1], id)
			}
		}
	}
	for id, complaints := range members {
		labels := map[string]bool{}
		for _, c := range complaints {
			if l := p.label[c]; l != "" {
				labels[l] = true
			}
		}
		if len(labels) > 0 && !labels[id] {
			rt.Fatalf("issue %s holds the complaints of %v", id, slices.Sorted(maps.Keys(labels)))
		}
	}
}

// years is one history of discoveries and decisions.
type years struct {
	rt        *rapid.T
	decisions []issue.Decision
	promised  promised
	of        map[string]string
	members   map[string][]string
}

// decide draws one decision about the issues of the last run.
func (y *years) decide(round int) {
	ids := slices.Sorted(maps.Keys(y.members))
	if len(ids) < 2 {
		return
	}
	known := rapid.SampledFrom(ids)
	d := issue.Decision{ID: fmt.Sprintf("d%02d", round), At: time.Unix(int64(round), 0), Held: map[string]issue.Held{}}
	held := func(id string) []string {
		d.Held[id] = issue.Held{Issue: id, Complaints: y.members[id]}
		return y.members[id]
	}
	switch rapid.SampledFrom([]string{"merge", "split", "place", "none"}).Draw(y.rt, "decision") {
	case "merge":
		from, into := known.Draw(y.rt, "from"), known.Draw(y.rt, "into")
		d.Merge = &issue.Merge{From: []string{from}, Into: into}
		y.promised.hold(held(into), into)
		y.promised.hold(held(from), from)
		y.promised.relabel(from, into)
	case "split":
		id := known.Draw(y.rt, "issue")
		all := slices.Clone(held(id))
		group := all[:rapid.IntRange(1, len(all)).Draw(y.rt, "size")]
		second := all[len(group):][:rapid.IntRange(0, len(all)-len(group)).Draw(y.rt, "second")]
		d.Split = &issue.Split{Issue: id, Groups: [][]string{group, second}}
		y.split(d, group, second)
	case "place":
		id, c := known.Draw(y.rt, "into"), rapid.SampledFrom(slices.Sorted(maps.Keys(y.of))).Draw(y.rt, "complaint")
		d.Place = &issue.Place{Complaint: c, Issue: id}
		y.promised.hold(held(id), id)
		y.promised.label[c] = id
	case "none":
		c := rapid.SampledFrom(slices.Sorted(maps.Keys(y.of))).Draw(y.rt, "complaint")
		d.Place = &issue.Place{Complaint: c}
		y.promised.label[c] = ""
	}
	y.decisions = append(y.decisions, d)
}

func (y *years) split(d issue.Decision, groups ...[]string) {
	id := d.Split.Issue
	labels := []string{id}
	// What the new issues are called is read from the answer; that they have one name each is the promise.
	pins := issue.Constrain(append(slices.Clone(y.decisions), d)).Pins
	for _, g := range groups {
		for _, c := range g {
			y.promised.label[c] = pins[c].Issue
			if !slices.Contains(labels, pins[c].Issue) {
				labels = append(labels, pins[c].Issue)
			}
		}
	}
	y.promised.hold(y.members[id], id)
	for i, a := range labels {
		for _, b := range labels[:i] {
			y.promised.apart[[2]string{a, b}] = true
		}
	}
}

func TestDecisionsSurviveTwentyDiscoveries(t *testing.T) {
	all, seg := told(), &remembered{seg: segmenter(t), seen: map[string][]string{}}
	fewer(t, 20)
	rapid.Check(t, func(rt *rapid.T) {
		y := &years{rt: rt, promised: promised{label: map[string]string{}, apart: map[[2]string]bool{}}}
		for round := range 20 {
			var messages []issue.Message
			present := map[string]bool{}
			away := rapid.IntRange(0, 9).Draw(rt, "away")
			for i, m := range all {
				if (i*7+round*3)%10 != away {
					messages, present[m.ID] = append(messages, m), true
				}
			}
			opts := issue.Options{Constraints: issue.Constrain(y.decisions), Earlier: y.of, Workers: 1}
			found, err := issue.Discover(context.Background(), messages, seg, opts)
			if err != nil {
				rt.Fatal(err)
			}
			issues := issue.Match(y.of, messages, found.Issues)
			of, members := map[string]string{}, map[string][]string{}
			for _, is := range issues {
				if len(members[is.ID]) > 0 {
					rt.Fatalf("two issues are called %s", is.ID)
				}
				for _, m := range is.Members {
					of[messages[m].ID] = is.ID
					members[is.ID] = append(members[is.ID], messages[m].ID)
				}
			}
			y.promised.check(rt, members, of, present)
			y.survive(members, of, present)
			y.assign(found, issues, messages, seg)
			y.of, y.members = of, members
			y.decide(round)
		}
	})
}

// fewer bounds the histories that a test tries, because each is long.
func fewer(t *testing.T, checks int) {
	t.Helper()
	all := flag.Lookup("rapid.checks")
	before := all.Value.String()
	if before != all.DefValue {
		return
	}
	if err := all.Value.Set(strconv.Itoa(checks)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = all.Value.Set(before) })
}

// survive checks that an issue whose complaints are still together, without those of another, has its id, unless people
// gave that to others.
func (y *years) survive(members map[string][]string, of map[string]string, present map[string]bool) {
	for id, before := range y.members {
		now := map[string]int{}
		for _, c := range before {
			if present[c] {
				now[of[c]]++
			}
		}
		if len(now) != 1 || now[""] > 0 {
			continue
		}
		for same := range now {
			alone := !slices.ContainsFunc(members[same], func(c string) bool {
				_, pinned := y.promised.label[c]
				return pinned || y.of[c] != "" && y.of[c] != id
			})
			if alone && same != id && members[id] == nil {
				y.rt.Fatalf("issue %s is now called %s", id, same)
			}
		}
	}
}

// assign checks that complaints come into their issue one by one as well.
func (y *years) assign(found issue.Result, issues []issue.Issue, messages []issue.Message, seg issue.Segmenter) {
	for _, m := range messages {
		label, pinned := y.promised.label[m.ID]
		if !pinned {
			continue
		}
		k, _ := found.Assign(m, seg)
		if label == "" && k >= 0 {
			y.rt.Fatalf("%s is assigned to %s, but belongs to none", m.ID, issues[k].ID)
		}
		if k >= 0 && !slices.ContainsFunc(issues[k].Members, func(i int) bool { return messages[i].ID == m.ID }) {
			y.rt.Fatalf("%s is assigned to %s and is elsewhere", m.ID, issues[k].ID)
		}
	}
}
