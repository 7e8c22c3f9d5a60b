package issue

import "slices"

// model is what a discovery keeps to assign new texts.
type model struct {
	c *corpus
	g *weighted
	m *merger
	// profiles and sums are those of Result.Issues, in their order; sums add up the members' whole vectors.
	profiles []*profile
	sums     []vector
	chances  []float64
	// index tells, per word, the issues that use it and its weight in their profiles of norm 1.
	index []vector
	// equal tells the issue of a text by its words.
	equal map[string]int32
	// placed tells the issue, -1 for none, of messages that people decided about.
	placed map[string]int
}

func newModel(c *corpus, g *weighted, m *merger, all []described) *model {
	md := &model{c: c, g: g, m: m, index: make([]vector, g.words), equal: map[string]int32{}}
	for k, f := range all {
		p := f.p
		md.profiles = append(md.profiles, p)
		var sum vector
		chance := 0.0
		for _, i := range p.members {
			if key := twinKey(c.texts[i].title, c.texts[i].body); key != "" {
				md.equal[key] = int32(k)
			}
			sum = add(sum, g.x[i])
			chance += g.chance[i]
		}
		md.sums, md.chances = append(md.sums, sum), append(md.chances, chance)
		for j, at := range p.v.at {
			if int(g.df[at]) <= indexCap(g.n) {
				md.index[at].at = append(md.index[at].at, int32(k))
				md.index[at].val = append(md.index[at].val, p.v.val[j]/float32(p.norm))
			}
		}
	}
	return md
}

// Assign returns the index of the issue that a new text belongs to, by the same evidence that discovery asks for, and how
// far the evidence exceeds what is required, 1 for a text equal to a member; -1 when the text belongs to none. What people
// decided about the message comes first. It is safe for concurrent use.
func (r Result) Assign(message Message, seg Segmenter) (issue int, evidence float64) {
	md := r.model
	if md == nil || len(md.profiles) == 0 {
		return -1, 0
	}
	if k, ok := md.placed[message.ID]; ok {
		return k, 1
	}
	b := cutMessage(message, seg)
	if k, ok := md.equal[md.key(b)]; ok {
		return int(k), 1
	}
	issue, evidence = -1, 0
	for _, s := range md.evidences(b) {
		if s.evidence >= 0 && (issue < 0 || s.evidence > evidence) {
			issue, evidence = s.issue, s.evidence
		}
	}
	return issue, evidence
}

// key is the twinKey of a text, "" when it has a word that no text has.
func (md *model) key(b cutText) string {
	var title, body []int32
	for _, w := range b.title {
		id, ok := md.c.ids[w]
		if !ok {
			return ""
		}
		title = append(title, id)
	}
	for _, w := range b.body {
		id, ok := md.c.ids[w]
		if !ok {
			return ""
		}
		body = append(body, id)
	}
	return twinKey(title, body)
}

// near returns the issues whose profiles resemble a text enough to be compared, in their order.
func (md *model) near(p *profile) []int32 {
	cosine := make([]float32, len(md.profiles))
	for j, at := range p.v.at {
		v := p.v.val[j] / float32(p.norm)
		for i, k := range md.index[at].at {
			cosine[k] += v * md.index[at].val[i]
		}
	}
	var out []int32
	for k, c := range cosine {
		if float64(c) >= nearProfile/2 {
			out = append(out, int32(k))
		}
	}
	return out
}

// wordFields are the features of a text that is not part of the corpus; words that no other text has count as lone.
func (md *model) wordFields(b cutText) fields {
	var f fields
	lone := map[string]int{}
	read := func(words []string, part int) []int32 {
		var ids []int32
		for _, w := range words {
			if id, ok := md.c.ids[w]; ok {
				ids = append(ids, id)
			} else {
				lone[w] |= part
			}
		}
		return distinct(ids)
	}
	f.title, f.body = read(b.title, 1), read(b.body, 2)
	for _, part := range lone {
		switch part {
		case 1:
			f.loneTitle++
		case 2:
			f.loneBody++
		default:
			f.loneBoth++
		}
	}
	return f
}

// newcomer is the profile of a text by an author of its own.
func (md *model) newcomer(x vector, chance float64) *profile {
	p := &profile{members: []int32{int32(md.g.n)}, v: x, authors: 1, name: -1}
	p.norm = max(norm(x), 1e-9)
	p.chance = chance / p.norm
	author := []int32{int32(len(md.c.byAuthor))}
	p.users = slices.Repeat([][]int32{author}, len(x.at))
	return p
}

// fix puts people's decisions over the evidence: the ids of issues, and where single messages belong.
func (r *Result) fix(by Constraints, p *pins) {
	numbers := map[string]int{}
	for k := range r.Issues {
		if id := p.idOf(r.model.profiles[k].members); id != "" {
			r.Issues[k].ID = id
		}
		for _, t := range r.model.profiles[k].members {
			if p != nil && p.issue[t] >= 0 {
				numbers[p.names[p.issue[t]]] = k
			}
		}
	}
	if len(by.Pins) == 0 {
		return
	}
	r.model.placed = map[string]int{}
	for message, pin := range by.Pins {
		k, ok := numbers[pin.Issue]
		if !ok {
			k = -1
		}
		r.model.placed[message] = k
	}
}
