package issue

import (
	"context"
	"math"
	"slices"
)

// weighted is every text as a unit vector over words and grams.
type weighted struct {
	n int
	// x are the vectors; features below words are word ids, the others grams.
	x     []vector
	words int32
	// df is the document frequency of every feature.
	df    []int32
	grams *gramTable
	// chance is b of a text: b_i·b_j is the similarity that two texts share by chance.
	chance []float64
	// twin is the first text with the same words; a text without such is its own.
	twin []int32
	// without are the parts of the recipe that are left out.
	without Without
}

// weigh turns texts into vectors. Weight is bits + offset, discounted for what an author repeats in every text.
func weigh(ctx context.Context, c *corpus, opts Options) (*weighted, error) {
	grams, err := countGrams(ctx, c, opts)
	if err != nil {
		return nil, err
	}
	g := &weighted{n: len(c.texts), words: int32(len(c.words)), grams: grams, without: c.without}
	g.x = make([]vector, g.n)
	g.chance = make([]float64, g.n)
	g.df = make([]int32, len(c.words), len(c.words)+len(grams.df))
	var ids []int32
	for i := range c.texts {
		ids = distinct(append(append(ids[:0], c.texts[i].title...), c.texts[i].body...))
		for _, w := range ids {
			g.df[w]++
		}
	}
	g.df = append(g.df, grams.df...)
	g.twin = c.twins()
	scratch := make([]weigher, opts.Workers)
	// An author's texts are weighed together, so that the author's own counts are needed only once.
	err = each(ctx, opts.Workers, len(c.byAuthor), opts.share("weigh", 0.45, 0.6, len(c.byAuthor)), func(w, a int) {
		scratch[w].author(c, g, c.byAuthor[a])
	})
	return g, err
}

// weigher holds the buffers of one worker.
type weigher struct {
	keys          []uint64
	title, body   []int32
	uses          map[int32]int32
	distinctTexts int32
}

// fields are the distinct features of a text's two parts.
type fields struct {
	title, body []int32
	// loneTitle, loneBody and loneBoth count unnumbered features of the title alone, the body alone and both.
	loneTitle, loneBody, loneBoth int
}

func (w *weigher) author(c *corpus, g *weighted, texts []int32) {
	w.uses = nil
	if len(texts) > freeUses && !g.without.Boilerplate {
		w.countUses(c, g, texts)
	}
	for _, p := range texts {
		t := &c.texts[p]
		g.x[p], g.chance[p] = w.text(g, w.wordFields, t)
	}
}

// text returns a text's vector and its chance; words tells its word features.
func (w *weigher) text(g *weighted, wordsOf func(*reading) fields, t *reading) (x vector, chance float64) {
	words, squares := w.weights(g, wordsOf(t), t.head)
	var effective float64
	for k, at := range words.at {
		v := float64(words.val[k]) * float64(words.val[k]) / squares
		effective += v * v / max(bits(g.n, g.df[at]), 1e-3)
	}
	chance = math.Sqrt(math.Log2(float64(max(g.n, 2))) / max(1, 1/max(effective, 1e-9)))
	if g.without.Chance {
		chance = 0
	}
	chars, charSquares := w.weights(g, w.gramFields(g, t), t.head)
	if g.without.Characters {
		return join(words, math.Sqrt(1/squares), vector{}, 0), chance
	}
	return join(words, math.Sqrt((1-charShare)/squares), chars, math.Sqrt(charShare/charSquares)), chance
}

// countUses counts in how many distinct texts of the author every feature stands; exact reposts count once.
func (w *weigher) countUses(c *corpus, g *weighted, texts []int32) {
	w.uses = map[int32]int32{}
	w.distinctTexts = 0
	for _, p := range texts {
		if c.repost[p] {
			continue
		}
		w.distinctTexts++
		w.count(w.wordFields(&c.texts[p]))
		w.count(w.gramFields(g, &c.texts[p]))
	}
}

func (w *weigher) count(f fields) {
	for _, at := range distinct(append(slices.Clone(f.title), f.body...)) {
		w.uses[at]++
	}
}

// wordFields and gramFields share their buffers: what one returns holds until the next call.
func (w *weigher) wordFields(t *reading) fields {
	w.title = distinct(append(w.title[:0], t.title...))
	w.body = distinct(append(w.body[:0], t.body...))
	return fields{title: w.title, body: w.body}
}

func (w *weigher) gramFields(g *weighted, t *reading) fields {
	var f fields
	w.keys = distinct(appendGrams(w.keys[:0], t.titleText))
	inTitle := len(w.keys)
	w.keys = appendGrams(w.keys, t.bodyText)
	title, body := w.keys[:inTitle], distinct(w.keys[inTitle:])
	w.title, w.body = w.title[:0], w.body[:0]
	for _, key := range title {
		if id, ok := g.grams.id[key]; ok {
			w.title = append(w.title, g.words+id)
		} else if _, both := slices.BinarySearch(body, key); both {
			f.loneBoth++
		} else {
			f.loneTitle++
		}
	}
	unknown := 0
	for _, key := range body {
		if id, ok := g.grams.id[key]; ok {
			w.body = append(w.body, g.words+id)
		} else {
			unknown++
		}
	}
	f.loneBody = unknown - f.loneBoth
	f.title, f.body = w.title, w.body
	return f
}

// weights returns √α·title + √(1−α)·body, each of norm 1 before, and the square of the sum's norm.
func (w *weigher) weights(g *weighted, f fields, head float64) (vector, float64) {
	lone := math.Log2(float64(g.n)) + idfOffset
	square := func(ids []int32, lones int) float64 {
		sum := float64(lones) * lone * lone
		for _, at := range ids {
			v := w.weight(g, at)
			sum += v * v
		}
		return sum
	}
	st, sb := square(f.title, f.loneTitle+f.loneBoth), square(f.body, f.loneBody+f.loneBoth)
	switch {
	case st == 0:
		head = 0
	case sb == 0:
		head = 1
	}
	kt, kb := math.Sqrt(head/max(st, 1e-12)), math.Sqrt((1-head)/max(sb, 1e-12))
	out := vector{make([]int32, 0, len(f.title)+len(f.body)), make([]float32, 0, len(f.title)+len(f.body))}
	total := 0.0
	i, j := 0, 0
	for i < len(f.title) || j < len(f.body) {
		var at int32
		k := 0.0
		switch {
		case j == len(f.body) || i < len(f.title) && f.title[i] < f.body[j]:
			at, k = f.title[i], kt
			i++
		case i == len(f.title) || f.title[i] > f.body[j]:
			at, k = f.body[j], kb
			j++
		default:
			at, k = f.title[i], kt+kb
			i++
			j++
		}
		v := w.weight(g, at) * k
		total += v * v
		out.at, out.val = append(out.at, at), append(out.val, float32(v))
	}
	total += lone * lone * (float64(f.loneTitle)*kt*kt + float64(f.loneBody)*kb*kb + float64(f.loneBoth)*(kt+kb)*(kt+kb))
	return out, max(total, 1e-12)
}

func (w *weigher) weight(g *weighted, at int32) float64 {
	v := bits(g.n, g.df[at]) + idfOffset
	if w.uses != nil && w.distinctTexts > freeUses {
		v *= 1 - float64(max(0, w.uses[at]-freeUses))/float64(w.distinctTexts)
	}
	return v
}

// bits is the information of meeting a feature: log₂(n/df).
func bits(n int, df int32) float64 { return math.Log2(float64(n) / float64(df)) }

func join(a vector, ka float64, b vector, kb float64) vector {
	out := vector{append(a.at, b.at...), append(a.val, b.val...)}
	out.at, out.val = slices.Clip(out.at), slices.Clip(out.val)
	for i := range out.val {
		if i < len(a.at) {
			out.val[i] *= float32(ka)
		} else {
			out.val[i] *= float32(kb)
		}
	}
	return out
}
