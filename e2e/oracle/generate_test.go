package oracle

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"wenguo/ingest"
)

// generator makes histories: some as they would happen, some that cannot happen, all of them seeded.
type generator struct {
	*rand.Rand
	out []ingest.Event
	// people are customers that several complaints share.
	people []ingest.Customer
	// kept remembers where a complaint was resolved, so that others can repeat it to the millisecond.
	kept []matter
}

// matter is a complaint that another may repeat.
type matter struct {
	registered, resolved, reopened instant
	customer                       ingest.Customer
	category                       string
	product                        string
	channel                        string
}

var (
	genCategories  = []string{"技术支持", "技术支持/登录", "技术支持/登录/验证码", "服务中断", "服务中断/机房", "服务中断x", "账务", "账务/退款", "物流", ""}
	genPriorities  = []string{"urgent", "high", "normal", "low", "", "vip", "紧急"}
	genChannels    = []string{"phone", "email", "web", "wechat", "app", "telegram", "pager", "other"}
	genDepartments = []string{"技术部", "客服中心", "财务部", "物流部"}
	genOwners      = []string{"", "", "张工", "李工", "王工"}
	genProducts    = []string{"会员中心", "商城", "", "App"}
	genTiers       = []string{"gold", "silver", ""}
	genRegions     = []string{"长沙", "杭州", "上海", ""}
	genCauses      = []string{"people", "process", "product", "weather", "other", ""}
	genRoles       = []ingest.Role{"agent", "agent", "department", "customer", "bot", "system", "", "robot"}
	genReasons     = []string{"bounce", "routing", "other", "", "whim"}
	genEventIDs    = []string{"a", "b", "B", "Z", "m", "~", "0", "9", "é", "闻", "ab", "aa"}
	genLevels      = []int{0, 0, 1, 2, 3, 4, 9}
	genScores      = []float64{1, 2, 3, 3, 4, 4, 5, 5, 0, 6, 4.5, -1}
)

// genSteps are lengths of time that mean something to some rule.
var genSteps = []instant{
	0, 0, 1, second, minute, 5 * minute, 6 * minute, 10 * minute, 15 * minute, 20 * minute, 24 * minute, 30 * minute, hour,
	90 * minute, 2 * hour, 3 * hour, 4 * hour, workday, 8 * hour, day, 2 * day, 3 * day, 4 * day, 7 * day, 15 * day, 30 * day,
}

// genAnchors are instants that mean something to some rule: edges of hours, days, holidays, months and years.
var genAnchors = []instant{
	local("2026-09-24T17:30:00"), local("2026-09-30T16:00:00"), local("2026-10-09T17:59:59.999"), local("2026-10-10T09:00:00"),
	local("2026-10-11T00:00:00"), local("2026-11-01T00:00:00"), local("2026-11-02T09:59:00"), local("2026-11-20T12:00:00"),
	local("2026-12-01T00:00:00"), local("2026-12-31T18:00:00"), local("2027-01-01T00:00:00"), local("2027-01-04T09:00:00"),
}

func oneOf[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

// step is a length of time: often one that a rule names, a millisecond more or less now and then.
func (g *generator) step() instant {
	if g.chance(35) {
		return instant(g.IntN(int(6 * hour)))
	}
	s := oneOf(g, genSteps[:20])
	if g.chance(8) {
		s = oneOf(g, genSteps)
	}
	return max(0, s+instant(g.IntN(3)-1)*instant(g.IntN(2)))
}

// start is where a history begins.
func (g *generator) start(dense bool) instant {
	if dense || g.chance(30) {
		return oneOf(g, genAnchors) + instant(g.IntN(5)-2)*g.step()/2
	}
	if g.chance(12) {
		bucket := oneOf(g, []instant{1, 3, 7, 15, 30, 60})
		return local(oneOf(g, moments[2:])) - bucket*day - instant(g.IntN(3)-1)
	}
	if g.chance(12) {
		return local("2025-10-01T00:00:00") + instant(g.Int64N(500*day))/second*second
	}
	return local("2026-09-20T00:00:00") + instant(g.Int64N(110*day))/second*second
}

func (g *generator) makePeople(n int) {
	for i := range n {
		c := ingest.Customer{Name: "客户", Region: oneOf(g, genRegions), Tier: oneOf(g, genTiers)}
		number := fmt.Sprintf("138%08d", i/2)
		switch g.IntN(6) {
		case 0, 1:
			c.ID = fmt.Sprintf("u-%d", i)
		case 2:
			c.ID, c.Phone = fmt.Sprintf("u-%d", i), number
		case 3:
			c.Phone = number
		case 4:
			c.Phone = oneOf(g, []string{"+86 ", "86-", "(86)"}) + number[:3] + " " + number[3:7] + "-" + number[7:]
		case 5:
			c.Phone = oneOf(g, []string{"", "", "不详"})
		}
		g.people = append(g.people, c)
	}
}

// keep remembers a matter that somebody can repeat.
func (g *generator) keep(m matter) {
	if m.category != "" && identity(m.customer.ID, m.customer.Phone) != "" {
		g.kept = append(g.kept, m)
	}
}

// registered is what a complaint begins with.
func (g *generator) registered(c ingest.Customer) *ingest.Registered {
	return &ingest.Registered{
		Channel: oneOf(g, genChannels), Customer: c, Title: "标题", Content: "内容", Category: oneOf(g, genCategories),
		Priority: oneOf(g, genPriorities), Product: oneOf(g, genProducts), AffectedCustomers: g.IntN(3),
	}
}

// place gives most complaints a region of their own, by which a difference can be traced to one of them.
func (h *history) place(first *ingest.Registered) {
	if h.g.chance(96) {
		first.Customer.Region = "R" + h.id
	}
}

// history is one complaint in the making.
type history struct {
	g    *generator
	id   string
	at   instant
	used map[string]bool
}

// add writes an event at the history's present instant. Its id orders it freely among those of the same instant.
func (h *history) add(kind ingest.Kind, role ingest.Role, data any) {
	h.addAt(h.at, kind, role, data)
}

func (h *history) addAt(at instant, kind ingest.Kind, role ingest.Role, data any) {
	if data == nil {
		data = h.data(kind)
	}
	id := oneOf(h.g, genEventIDs)
	for h.used[id] {
		id += oneOf(h.g, genEventIDs)
	}
	h.used[id] = true
	h.write(id, at, kind, role, data)
}

func (h *history) write(id string, at instant, kind ingest.Kind, role ingest.Role, data any) {
	h.g.out = append(h.g.out, ingest.Event{
		EventID: id, ComplaintID: h.id, Kind: kind, OccurredAt: time.UnixMilli(at).UTC(), Actor: ingest.Actor{Role: role}, Data: data,
	})
}

// generate makes so many complaints.
func generate(seed uint64, complaints int) []ingest.Event {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 4))}
	g.makePeople(complaints / 8)
	for i := range complaints {
		h := &history{g: g, id: fmt.Sprintf("C-%04d", i), used: map[string]bool{}}
		switch {
		case g.chance(25):
			h.wild()
		case g.chance(35) && len(g.kept) > 0:
			h.again(oneOf(g, g.kept))
		case g.chance(30):
			h.plain()
		default:
			h.ordinary()
		}
	}
	return append(g.out, handmade()...)
}

// arrivals puts the events on the bus: late, twice, in another order, with a second content, or as history.
func (g *generator) arrivals(events []ingest.Event) []sent {
	var out []sent
	for _, e := range events {
		at := e.OccurredAt.UnixMilli()
		lags := []instant{0, second, minute, 5*minute - 1, 5 * minute, 5*minute + 1, hour, 3 * day, 30 * day, -1, -5 * minute, -day + 1}
		lag := lags[g.IntN(4)]
		if g.chance(40) {
			lag = oneOf(g, lags)
		}
		out = append(out, sent{event: e, bus: at + lag, backfill: g.chance(10)})
		if g.chance(6) {
			out = append(out, sent{event: e, bus: at + oneOf(g, lags), backfill: g.chance(40)})
		}
		if g.chance(3) && !strings.HasPrefix(e.ComplaintID, "H-") { // what was made by hand stays as it was made
			second := g.other(e)
			out = append(out, sent{event: second, bus: second.OccurredAt.UnixMilli() + oneOf(g, lags), backfill: g.chance(20)})
		}
	}
	slices.SortStableFunc(out, func(a, b sent) int { return int(min(1, max(-1, a.bus-b.bus))) })
	for range len(out) / 10 {
		i, j := g.IntN(len(out)), g.IntN(len(out))
		out[i], out[j] = out[j], out[i]
	}
	return out
}

// other is a second content under the id of an event.
func (g *generator) other(e ingest.Event) ingest.Event {
	h := &history{g: &generator{Rand: g.Rand, people: g.people}, id: e.ComplaintID, used: map[string]bool{}}
	h.at = e.OccurredAt.UnixMilli() + g.step()*instant(g.IntN(2))
	h.anything()
	second := h.g.out[0]
	second.EventID = e.EventID
	return second
}
