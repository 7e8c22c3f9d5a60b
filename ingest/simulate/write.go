package simulate

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Lengths of a complaint's text, in characters.
const (
	shortest = 8
	longest  = 600
)

// occasion is why a text is written once more.
type occasion int

const (
	firstTime occasion = iota
	otherChannel
	again
)

// letter is what somebody wrote.
type letter struct {
	title, content, expectation string
}

// write composes one complaint: a core and some of opening, circumstance, details, result, attempts, demand and close,
// in an order and at a length that suit the voice.
func (l *library) write(r *rand.Rand, p customer, ch channel, about *topic, at time.Time, why occasion) letter {
	t := &teller{lists: l.lists, r: r, person: p, at: at, memo: map[string]string{}}
	core, voice := l.core(r, about, p.voice, ch)
	said := t.expand(core.text)
	size := r.Float64()
	if voice == voiceTerse || ch.name == "im" {
		size *= .55
	}
	if voice == voiceElder || voice == voiceFormal || ch.name == "email" || ch.name == "fax" {
		size = .3 + .7*size
	}
	body := []string{said}
	before := func(s string) { body = slices.Insert(body, 0, s) }
	after := func(s string) { body = append(body, s) }
	optional := func(p float64, pool []phrase, put func(string)) {
		if ph, ok := choose(r, pool, voice); ok && chance(r, p) {
			put(t.expand(ph.text))
		}
	}
	for n, ph := range shuffled(r, about.details) {
		if ph.suits(voice) == 0 || !chance(r, size*1.15-.28*float64(n)) {
			continue
		}
		if chance(r, .22) {
			before(t.expand(ph.text))
		} else {
			after(t.expand(ph.text))
		}
	}
	optional(.05+.45*size, about.results, after)
	optional(.02+.16*size, l.pools["经过"], after)
	if chance(r, .8) {
		optional(.1+.4*size, about.asks, after)
	} else {
		optional(.3, l.pools["要求"], after)
	}
	switch why {
	case otherChannel:
		optional(.5, l.pools["再说一遍"], before)
	case again:
		optional(.75, l.pools["又来"], before)
	default:
		optional(.03+.22*size, l.pools["开头"], before)
	}
	optional(.02+.12*size, l.pools["结尾"], after)
	if voice == voiceClerk {
		body[0] = t.expand(pick(r, l.pools["来电"]).text) + body[0]
	}
	for i := range body {
		body[i] = l.reword(r, body[i])
	}
	hand := newHand(r, voice, ch)
	content := hand.join(body)
	if utf8.RuneCountInString(content) < shortest && len(about.details) > 0 {
		content = hand.join(append(body, t.expand(pick(r, about.details).text)))
	}
	out := letter{content: hand.slip(clip(content))}
	if ch.name != "im" && !(ch.name == "phone" && chance(r, .45)) && chance(r, .8) {
		title := core.title
		if title == "" {
			ph, _ := choose(r, about.titles, voice)
			title = ph.text
		}
		out.title = hand.slip(t.expand(title))
	}
	if chance(r, .45) {
		pool := about.asks
		if len(pool) == 0 || chance(r, .3) {
			pool = l.pools["要求"]
		}
		if ph, ok := choose(r, pool, voice); ok {
			out.expectation = strings.TrimRight(t.expand(ph.text), "，。！？!?,")
		}
	}
	return out
}

// core draws the sentence that says what is wrong, and whose voice it is in.
func (l *library) core(r *rand.Rand, about *topic, voice string, ch channel) (phrase, string) {
	clerk := ch.byAgent && chance(r, .6)
	var fit []phrase
	for _, ph := range about.cores {
		switch {
		case ph.voice == voiceClerk && !ch.byAgent, clerk && ph.voice != voiceClerk && ph.voice != "" && ph.voice != voicePlain:
			continue
		case ph.voice == voice:
			fit = append(fit, ph, ph)
		default:
			fit = append(fit, ph)
		}
	}
	if len(fit) == 0 {
		fit = about.cores
	}
	ph := pick(r, fit)
	switch {
	case ph.voice == voiceClerk:
		return ph, voiceClerk
	case ph.voice != "":
		return ph, ph.voice
	}
	return ph, voice
}

// choose draws a phrase that suits the voice; one of the voice's own counts three times.
func choose(r *rand.Rand, pool []phrase, voice string) (phrase, bool) {
	weights, sum := make([]float64, len(pool)), 0.0
	for i, ph := range pool {
		weights[i] = ph.suits(voice)
		sum += weights[i]
	}
	if sum == 0 {
		return phrase{}, false
	}
	return pool[weighted(r, weights)], true
}

// suits weighs a phrase for a voice. A clerk's record speaks of the customer, so it takes nothing said as I or you.
func (p phrase) suits(voice string) float64 {
	switch {
	case p.voice == voice && voice != voicePlain:
		return 3
	case p.voice != voicePlain, voice == voiceClerk && strings.ContainsAny(p.text, "我你咱俺？"):
		return 0
	}
	return 1
}

func shuffled(r *rand.Rand, pool []phrase) []phrase {
	out := slices.Clone(pool)
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(len(out), 5)]
}

// reword puts another word for some of those that have one.
func (l *library) reword(r *rand.Rand, s string) string {
	for _, set := range l.synonyms {
		if at := strings.Index(s, set[0]); at >= 0 && chance(r, .4) {
			s = s[:at] + pick(r, set) + s[at+len(set[0]):]
		}
	}
	return s
}

// clip cuts a text that is too long behind its last whole sentence.
func clip(s string) string {
	if utf8.RuneCountInString(s) <= longest {
		return s
	}
	s = string([]rune(s)[:longest])
	if i := strings.LastIndexAny(s, "。！？\n"); i > 0 {
		_, n := utf8.DecodeRuneInString(s[i:])
		return s[:i+n]
	}
	return s
}
