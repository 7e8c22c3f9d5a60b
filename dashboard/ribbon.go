package dashboard

import (
	"strconv"
	"time"

	"wenguo/transform"
	"wenguo/transform/sla"
)

// clockCard is one clock with its deadline ribbon.
type clockCard struct {
	Name, Round string
	State       sla.State
	StateName   string
	// Tone is good, warn, bad, wait or empty.
	Tone string
	// Headline says what matters now, such as "剩 3.2 小时".
	Headline                string
	Started, Due, Ended     string
	EndName                 string
	Target, Counted, Paused string
	Calendar                string
	Provisional             bool
	Ribbon                  []ribbonPart
	// DueAt and EndAt are the deadline and the end, or now, on the ribbon from 0 to 100; EndAt is empty where neither says
	// anything.
	DueAt, EndAt string
	// Label says what the ribbon shows.
	Label string
	Steps []ribbonStep
	// Cut is how many further lines the arithmetic has.
	Cut string
	// Named says that a person named the deadline, so that there is no arithmetic.
	Named bool
}

// ribbonPart is a stretch of the ribbon in percent of its width.
type ribbonPart struct{ Kind, X, Width, Label string }

// ribbonStep is one line of the arithmetic.
type ribbonStep struct{ Kind, Name, From, To, Took string }

var segmentNames = map[sla.SegmentState]string{ //nolint:gochecknoglobals // a constant table
	sla.Counting: "计时", sla.InPause: "挂起", sla.OffHours: "非工作时间",
}

// maxSteps bounds the lines of a deadline's arithmetic; a clock of months has hundreds of nights.
const maxSteps = 60

func newClockCard(r transform.ClockReading, now time.Time) clockCard {
	c := r.Clock
	card := clockCard{
		Name: name(stageNames, c.Stage), State: r.State, StateName: name(clockStateNames, r.State), Started: clockTime(c.Started, now),
		Due: clockTime(r.Due, now), Counted: durationText(r.Counted), Calendar: calendarName(c.Calendar), Provisional: c.Provisional,
	}
	if c.Stage == sla.Assist && c.Department != "" {
		card.Name += " · " + c.Department
	}
	if c.Round > 1 {
		card.Round = "第 " + strconv.Itoa(c.Round) + " 轮"
	}
	if c.Target > 0 {
		card.Target = promiseText(c.Target)
	}
	card.Named = c.Target == 0
	end := now
	switch {
	case !c.Finished.IsZero():
		end, card.EndName, card.Ended = c.Finished, "完成", clockTime(c.Finished, now)
	case !c.Cancelled.IsZero():
		end, card.EndName, card.Ended = c.Cancelled, "取消", clockTime(c.Cancelled, now)
	}
	if paused := pausedFor(r, end); paused > 0 {
		card.Paused = durationText(paused)
	}
	card.Tone, card.Headline = clockWords(r, end, now)
	card.draw(r, end, now)
	card.Label = card.label()
	return card
}

// pausedFor is the paused time that moved the deadline; of an open pause what has gone by.
func pausedFor(r transform.ClockReading, end time.Time) time.Duration {
	if !r.Clock.Frozen {
		return r.Clock.PausedFor
	}
	var sum time.Duration
	for _, s := range r.Segments {
		if s.State == sla.InPause && s.From.Before(end) {
			sum += minTime(s.To, end).Sub(s.From)
		}
	}
	return sum
}

// label is the ribbon for those who can't see it.
func (k clockCard) label() string {
	text := k.Name + k.Round + "，" + k.StateName + "，" + k.Headline + "。" + k.Started + " 开始，" + k.Due + " 到期"
	if k.Ended != "" {
		text += "，" + k.Ended + " " + k.EndName
	}
	if k.Paused != "" {
		text += "，其中挂起 " + k.Paused
	}
	if k.Provisional {
		text += "，期限暂定"
	}
	return text
}

// clockWords says in a few words how the clock stands.
func clockWords(r transform.ClockReading, end, now time.Time) (tone, words string) {
	switch r.State {
	case sla.Met:
		if r.Counted == 0 && end.After(r.Clock.Started) {
			return "good", "在计时时间之外完成"
		}
		return "good", "用时 " + durationText(r.Counted)
	case sla.Breached:
		if r.Clock.Finished.IsZero() {
			return "bad", "已超期 " + durationText(now.Sub(r.Due))
		}
		return "bad", "超时 " + durationText(end.Sub(r.Due)) + "后完成"
	case sla.Running:
		left := r.Due.Sub(now)
		if r.Clock.WarnAfter > 0 && r.Counted >= r.Clock.WarnAfter {
			return "warn", "剩 " + durationText(left)
		}
		return "", "剩 " + durationText(left)
	case sla.Paused:
		return "wait", "挂起中，期限顺延"
	case sla.Cancelled:
		return "", "未到期即结束"
	case sla.NoVerdict:
	}
	return "", "完成早于开始，不作判断"
}

// draw lays the segments out between the start and the later of due and end.
func (k *clockCard) draw(r transform.ClockReading, end, now time.Time) {
	from, to := r.Clock.Started, r.Due
	if end.After(to) && r.State == sla.Breached {
		to = end
	}
	whole := to.Sub(from)
	if whole <= 0 {
		return
	}
	at := func(t time.Time) float64 {
		return min(max(float64(t.Sub(from))/float64(whole)*100, 0), 100)
	}
	put := func(kind, label string, x, y time.Time) {
		if width := at(y) - at(x); width > 0 {
			k.Ribbon = append(k.Ribbon, ribbonPart{kind, num(at(x)), num(width), label})
		}
	}
	segments := r.Segments
	if len(segments) == 0 {
		segments = []sla.Segment{{From: from, To: r.Due, State: sla.Counting}}
	}
	k.Steps, k.Cut = steps(r.Segments, now)
	if r.State == sla.NoVerdict { // nothing ran that could be shown
		end = from
	}
	for _, s := range segments {
		label := segmentNames[s.State] + " " + clockTime(s.From, now) + "–" + clockTime(s.To, now)
		// What lies behind the end has not been used: it is drawn as what was left.
		if past := minTime(s.To, end); past.After(s.From) {
			put(string(s.State), label, s.From, past)
		}
		if rest := maxTime(s.From, end); s.To.After(rest) {
			put(string(s.State)+"-left", label, rest, s.To)
		}
	}
	if to.After(r.Due) {
		put("over", "超时 "+clockTime(r.Due, now)+"–"+clockTime(to, now), r.Due, to)
	}
	k.DueAt = num(at(r.Due))
	if r.State != sla.NoVerdict {
		k.EndAt = num(at(end))
	}
}

// steps are the lines of a deadline's arithmetic, and how many more there are.
func steps(segments []sla.Segment, now time.Time) (lines []ribbonStep, cut string) {
	for i, s := range segments {
		if i == maxSteps {
			return lines, strconv.Itoa(len(segments) - maxSteps)
		}
		lines = append(lines, ribbonStep{
			string(s.State), segmentNames[s.State], clockTime(s.From, now), clockTime(s.To, now), durationText(s.To.Sub(s.From)),
		})
	}
	return lines, ""
}

func num(f float64) string { return strconv.FormatFloat(f, 'f', 3, 64) }

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func maxTime(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// nextClock is the unfinished clock with the earliest deadline: what somebody has to do next.
func nextClock(readings []transform.ClockReading, cards []clockCard) *clockCard {
	best := -1
	for i, r := range readings {
		open := r.State == sla.Running || r.State == sla.Paused || (r.State == sla.Breached && r.Clock.Finished.IsZero())
		if open && (best < 0 || r.Due.Before(readings[best].Due)) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return &cards[best]
}
