package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"wenguo/ingest"
)

// workSystem is the source of what happens after registration.
const workSystem = "workbench"

// life is one complaint from registration to archive.
type life struct {
	w     *World
	r     *rand.Rand
	day   int
	seq   int
	role  int
	id    string
	about *topic
	who   customer
	way   channel
	why   occasion

	registeredAt time.Time
	priority     string
	dept         department
	owner        string
	slow         float64 // how much oftener than usual this week's department misses its clocks
	sore         float64 // what lowers the chance of a good rating
	ended        time.Time
	endKind      ingest.Kind

	events []ingest.Event
}

func (w *World) newLife(r *rand.Rand, day, seq, role int, about *topic, who customer, at time.Time) *life {
	l := &life{
		w: w, r: r, day: day, seq: seq, role: role, id: complaintID(day, seq, role), about: about, who: who,
		registeredAt: at.Truncate(time.Millisecond), dept: departmentNamed(about.department),
	}
	l.way = drawChannel(r, "")
	l.owner = pick(r, l.dept.owners)
	l.priority = l.drawPriority()
	l.slow = w.strain(l.dept, at)
	l.sore = .12 * (l.dept.bad - 1)
	if about.issue != "" {
		l.sore += between(stream(w.cfg.Seed, purposeIssue, hashName(about.issue)), -.04, .12)
	}
	return l
}

func (l *life) drawPriority() string {
	if l.seq >= stormPlace {
		return pick(l.r, []string{"urgent", "urgent", "high"})
	}
	weights := []float64{3, 17, 60, 20}
	switch l.who.Tier {
	case "钻石会员":
		weights[1] += 30
	case "金卡会员":
		weights[1] += 12
	}
	if l.who.voice == voiceAngry {
		weights[0] += 4
	}
	return ingest.Priorities[weighted(l.r, weights)]
}

// strain is what a week does to a department's clocks: mostly about 1; one in twelve goes wrong for the department, one
// in eighteen for the whole company.
func (w *World) strain(d department, at time.Time) float64 {
	week := w.dayOf(at) / 7
	r := stream(w.cfg.Seed, purposeWeek, hashName(d.name), uint64(week))
	x := between(r, .5, 1.1)
	if chance(r, 1.0/12) {
		x = between(r, 4, 9)
	}
	if all := stream(w.cfg.Seed, purposeWeek, uint64(week)); chance(all, 1.0/18) {
		x = max(x, between(all, 4, 8))
	}
	return x
}

func hashName(s string) uint64 {
	h := uint64(14695981039346656037)
	for _, b := range []byte(s) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h
}

// family is a first complaint with what follows from it: the same matter over another channel, merged later; the same
// matter again weeks after it was closed.
func (w *World) family(r *rand.Rand, day, seq int, at time.Time, about *topic) []Record {
	who := w.customer(r)
	first := w.newLife(r, day, seq, roleFirst, about, who, at)
	first.run()
	out := first.records()
	if seq >= stormPlace {
		return out
	}
	if chance(r, .028) {
		r2 := stream(w.cfg.Seed, purposeLife, uint64(day), uint64(seq), roleDuplicate)
		gap := time.Duration(between(r2, 3, 60*26*r2.Float64()+10) * float64(time.Minute))
		double := w.newLife(r2, day, seq, roleDuplicate, about, who, first.registeredAt.Add(gap))
		double.way, double.why = drawChannel(r2, first.way.name), otherChannel
		double.runDuplicate(first.id)
		out = append(out, double.records()...)
	}
	unhappy := .02 + .12*max(0, first.sore)
	if !first.ended.IsZero() && first.endKind == ingest.KindClosed && chance(r, unhappy) {
		r2 := stream(w.cfg.Seed, purposeLife, uint64(day), uint64(seq), roleRepeat)
		later := first.ended.Add(time.Duration(between(r2, 20, 24*26) * float64(time.Hour)))
		if later.Sub(at) < 62*24*time.Hour {
			repeat := w.newLife(r2, day, seq, roleRepeat, about, who, later)
			repeat.why = again
			repeat.sore += .1
			repeat.run()
			out = append(out, repeat.records()...)
		}
	}
	return out
}

func (l *life) emit(kind ingest.Kind, at time.Time, actor ingest.Actor, data any) {
	source := workSystem
	if kind == ingest.KindRegistered || actor.Role == ingest.RoleBot {
		source = l.way.source
	}
	l.events = append(l.events, ingest.Event{
		EventID: fmt.Sprintf("e%s-%02d", l.id[2:], len(l.events)+1), ComplaintID: l.id, Kind: kind,
		OccurredAt: at.Truncate(time.Millisecond), Actor: actor, Source: source, SchemaVersion: 1, Data: data,
	})
}

func (l *life) customer() ingest.Actor { return ingest.Actor{ID: l.who.ID, Role: ingest.RoleCustomer} }

func (l *life) agent() ingest.Actor {
	n := hashName(l.id) % 60
	return ingest.Actor{ID: fmt.Sprintf("a%03d", 101+n), Department: service, Role: ingest.RoleAgent}
}

func (l *life) worker() ingest.Actor {
	i := slices.Index(l.dept.owners, l.owner)
	return ingest.Actor{ID: fmt.Sprintf("d%03d", 200+hashName(l.dept.name)%70*10+uint64(max(i, 0))), Department: l.dept.name, Role: ingest.RoleDepartment}
}

func (l *life) machine() ingest.Actor { return ingest.Actor{ID: "router", Role: ingest.RoleSystem} }

func (l *life) bot() ingest.Actor { return ingest.Actor{ID: "xiaoju", Role: ingest.RoleBot} }

// say expands a sentence of one of the work pools: notes, plans, causes, survey comments. Most are in the words of
// the field, where there are any: of the department, of the cause.
func (l *life) say(pool, field string) string {
	if own := pool + field; len(l.w.texts.pools[own]) > 0 && chance(l.r, .75) {
		pool = own
	}
	t := &teller{lists: l.w.texts.lists, r: l.r, person: l.who, at: l.registeredAt, memo: map[string]string{}}
	phrases := l.w.texts.pools[pool]
	if len(phrases) == 0 {
		return ""
	}
	return t.expand(pick(l.r, phrases).text)
}

func (l *life) root() string {
	if len(l.about.roots) > 0 && chance(l.r, .8) {
		t := &teller{lists: l.w.texts.lists, r: l.r, person: l.who, at: l.registeredAt, memo: map[string]string{}}
		return t.expand(pick(l.r, l.about.roots).text)
	}
	return l.say("原因", l.about.cause)
}

func (l *life) registered() {
	text := l.w.texts.write(stream(l.w.cfg.Seed, purposeText, uint64(l.day), uint64(l.seq), uint64(l.role)),
		l.who, l.way, l.about, l.registeredAt, l.why)
	d := &ingest.Registered{
		Channel: l.way.name, Customer: l.who.Customer, Title: text.title, Content: text.content, Expectation: text.expectation,
		Priority: l.priority, Product: pick(stream(hashName(l.who.ID), hashName(l.about.category)), l.about.products), AffectedCustomers: 1,
	}
	actor := l.customer()
	if l.way.byAgent {
		actor = l.agent()
	}
	if l.way.byAgent || chance(l.r, .5) {
		d.Category = l.about.category
	}
	if l.seq < stormPlace && chance(l.r, .035) {
		d.AffectedCustomers = 2 + l.r.IntN(30)
	}
	if chance(l.r, .34) {
		d.OrderRef = l.registeredAt.AddDate(0, 0, -l.r.IntN(10)).Format("20060102") + fmt.Sprintf("%08d", l.r.IntN(1e8))
	}
	if !l.way.byAgent && chance(l.r, .17) {
		name := pick(l.r, []string{"截图.jpg", "聊天记录.png", "照片1.jpg", "付款凭证.png", "录屏.mp4", "微信图片.jpg", "订单页面.png"})
		kind := map[string]string{"jpg": "image/jpeg", "png": "image/png", "mp4": "video/mp4"}[name[strings.LastIndex(name, ".")+1:]]
		d.Attachments = []ingest.Attachment{{Name: name, Type: kind, URL: "files/" + l.id + "/1"}}
	}
	if chance(l.r, .6) {
		before := l.registeredAt.Add(-time.Duration(between(l.r, 2, 60) * between(l.r, .2, 90) * float64(time.Minute)))
		before = before.Truncate(time.Minute)
		d.IncidentAt = &before
	}
	l.emit(ingest.KindRegistered, l.registeredAt, actor, d)
}
