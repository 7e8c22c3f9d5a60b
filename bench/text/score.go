package main

import "fmt"

// longScore compares found issues with a reference. A reference issue's score is the F1 of the found issue that fits it
// best: its members are right, ambiguous messages are not counted, all others are wrong.
type longScore struct {
	meanF1, precision, recall, f1 float64
	// share is the largest part of one author's template, about different matters, that is in one issue.
	share         float64
	found, issues int
}

// foundAt is the F1 from which a reference issue counts as found.
const foundAt = 0.75

func (s longScore) String() string { return fmt.Sprintf("%.3f / %.3f / %.3f", s.meanF1, s.f1, s.share) }

func (s longSet) score(of []int) longScore {
	size := map[int]int{}
	for i, c := range of {
		if c >= 0 && !s.ambiguous[i] {
			size[c]++
		}
	}
	out := longScore{issues: len(s.issues)}
	for _, gold := range s.issues {
		best := 0.0
		for c, both := range count(of, gold) {
			best = max(best, 2*float64(both)/float64(size[c]+len(gold)))
		}
		out.meanF1 += best / float64(len(s.issues))
		if best >= foundAt {
			out.found++
		}
	}
	for _, members := range s.templates {
		for _, n := range count(of, members) {
			out.share = max(out.share, float64(n)/float64(len(members)))
		}
	}
	out.precision, out.recall = s.bcubed(of)
	out.f1 = harmonic(out.precision, out.recall)
	return out
}

// count tells how many of some messages are in each issue.
func count(of, messages []int) map[int]int {
	n := map[int]int{}
	for _, i := range messages {
		if of[i] >= 0 {
			n[of[i]]++
		}
	}
	return n
}

// bcubed is over members of reference issues alone; one in no issue stands for itself.
func (s longSet) bcubed(of []int) (precision, recall float64) {
	mates, n := map[int]int{}, 0
	for _, gold := range s.issues {
		for c, k := range count(of, gold) {
			mates[c] += k
		}
		n += len(gold)
	}
	for _, gold := range s.issues {
		same := count(of, gold)
		for _, i := range gold {
			if c := of[i]; c < 0 {
				precision++
				recall += 1 / float64(len(gold))
			} else {
				precision += float64(same[c]) / float64(mates[c])
				recall += float64(same[c]) / float64(len(gold))
			}
		}
	}
	return precision / float64(max(n, 1)), recall / float64(max(n, 1))
}

// shortScore is B-cubed over the messages whose reference issue has two or more; the others count as wrong members.
type shortScore struct{ precision, recall, f1 float64 }

func (s shortSet) score(of []int) shortScore {
	gold, mine, both := map[string]int{}, map[int]int{}, map[[2]string]int{}
	cluster := func(i int) int {
		if of[i] < 0 {
			return -1 - i
		}
		return of[i]
	}
	for i, g := range s.group {
		gold[g]++
		mine[cluster(i)]++
		both[[2]string{g, fmt.Sprint(cluster(i))}]++
	}
	var out shortScore
	n := 0.0
	for i, g := range s.group {
		if gold[g] < 2 {
			continue
		}
		n++
		same := float64(both[[2]string{g, fmt.Sprint(cluster(i))}])
		out.precision += same / float64(mine[cluster(i)])
		out.recall += same / float64(gold[g])
	}
	out.precision, out.recall = out.precision/max(n, 1), out.recall/max(n, 1)
	out.f1 = harmonic(out.precision, out.recall)
	return out
}

func harmonic(p, r float64) float64 {
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}
