package sla

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/goccy/go-yaml/ast"
)

// file is the policy as it is written.
type file struct {
	zone       word
	minimumN   number
	warnAfter  number
	calendars  []fileCalendar
	rules      []fileRule
	owners     map[string]Owner
	heartbeats []entry
	alerts     fileAlerts
	baseline   *filePeriod
	files      map[string]word
}

// entry is a key with a text as its value.
type entry struct{ key, value word }

type fileAlerts struct {
	healthy, unhealthy, falseAlarms number
	hold, quiet                     word
	onCall                          Owner
	line                            int
}

type filePeriod struct {
	from, to word
	line     int
}

// ParsePolicy reads and checks a policy; an error of mistakes in the text is Mistakes, all of them with their lines. An
// iCalendar file that the policy names must stand in it: see Embed.
func ParsePolicy(text []byte) (*Policy, error) {
	p, _, err := parsePolicy(text)
	return p, err
}

func parsePolicy(text []byte) (*Policy, *reader, error) {
	f, r, err := readPolicy(text)
	if err != nil {
		return nil, r, err
	}
	p := f.policy(r)
	if len(r.mistakes) > 0 {
		return nil, r, fmt.Errorf("policy: %w", r.mistakes.sorted())
	}
	return p, r, nil
}

// readPolicy takes the document apart; what is wrong with its form is among the reader's mistakes.
func readPolicy(text []byte) (*file, *reader, error) {
	body, r, err := openYAML(text)
	if err != nil {
		return nil, r, fmt.Errorf("policy: %w", err)
	}
	f := &file{owners: map[string]Owner{}, files: map[string]word{}}
	if body == nil {
		return f, r, nil
	}
	r.object(body, "policy", fields{
		"zone":       r.word(&f.zone, "zone"),
		"minimum_n":  r.number(&f.minimumN, "minimum_n"),
		"warn_after": r.number(&f.warnAfter, "warn_after"),
		"calendars": r.dict("calendars", func(key word, value ast.Node) {
			f.calendars = append(f.calendars, r.calendar(key, value))
		}),
		"rules": r.list(func(n ast.Node) { f.rules = append(f.rules, r.rule(n)) }),
		"owners": r.dict("owners", func(key word, value ast.Node) {
			f.owners[key.text] = r.owner(value)
		}),
		"heartbeats": r.dict("heartbeats", func(key word, value ast.Node) {
			e := entry{key: key}
			r.word(&e.value, "heartbeat of "+key.text)(value)
			f.heartbeats = append(f.heartbeats, e)
		}),
		"alerts": func(n ast.Node) {
			f.alerts.line = line(n)
			r.object(n, "alerts", fields{
				"healthy": r.number(&f.alerts.healthy, "healthy"), "unhealthy": r.number(&f.alerts.unhealthy, "unhealthy"),
				"hold": r.word(&f.alerts.hold, "hold"), "false_alarms": r.number(&f.alerts.falseAlarms, "false_alarms"),
				"quiet": r.word(&f.alerts.quiet, "quiet"), "on_call": func(n ast.Node) { f.alerts.onCall = r.owner(n) },
			})
		},
		"baseline": func(n ast.Node) {
			f.baseline = &filePeriod{line: line(n)}
			r.object(n, "baseline", fields{"from": r.word(&f.baseline.from, "from"), "to": r.word(&f.baseline.to, "to")})
		},
		"files": r.dict("files", func(key word, value ast.Node) {
			var content word
			r.word(&content, "file "+key.text)(value)
			f.files[key.text] = content
		}),
	})
	return f, r, nil
}

func (r *reader) owner(n ast.Node) Owner {
	var people, robots []word
	r.object(n, "owner", fields{"people": r.words(&people, "people"), "robots": r.words(&robots, "robots")})
	texts := func(list []word) (out []string) {
		for _, w := range list {
			out = append(out, w.text)
		}
		return out
	}
	return Owner{People: texts(people), Robots: texts(robots)}
}

// policy checks what was read and makes the policy of it.
func (f *file) policy(r *reader) *Policy {
	p := &Policy{
		Zone: r.location(f.zone, shanghai()), MinimumN: 30, Owners: f.owners, Heartbeats: map[string]time.Duration{},
		calendars: map[string]*Calendar{},
	}
	if n := f.minimumN; n.line > 0 {
		p.MinimumN = int(n.value)
		if n.value < 1 || n.value != float64(p.MinimumN) {
			r.wrong(n.line, "30 is usual", "minimum_n %g is no whole number above 0", n.value)
		}
	}
	for _, c := range f.calendars {
		p.calendars[c.name.text] = f.calendar(r, c, p.Zone)
	}
	warn := r.share(f.warnAfter, 0.75)
	for _, written := range f.rules {
		if made, ok := written.check(r, p.calendars, warn); ok {
			p.rules = append(p.rules, made)
		}
	}
	for _, e := range f.heartbeats {
		p.Heartbeats[e.key.text] = r.duration(e.value, "heartbeat", 0)
	}
	p.Alerts = f.alerts.read(r, p.calendars)
	if f.baseline != nil {
		f.baseline.read(r, p)
	}
	return p
}

// shanghai is where a policy that names no zone counts.
func shanghai() *time.Location {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return time.FixedZone("Asia/Shanghai", 8*3600)
	}
	return zone
}

// location finds an IANA zone. Local and the empty name would mean something else on another machine.
func (r *reader) location(name word, otherwise *time.Location) *time.Location {
	if name.line == 0 {
		return otherwise
	}
	zone, err := time.LoadLocation(name.text)
	if err != nil || name.text == "Local" || name.text == "" {
		r.wrong(name.line, "write a name of the IANA list such as Asia/Shanghai", "unknown zone %q", name.text)
		return otherwise
	}
	return zone
}

// share is a part of a whole, in (0, 1].
func (r *reader) share(n number, otherwise float64) float64 {
	if n.line == 0 {
		return otherwise
	}
	if n.value <= 0 || n.value > 1 {
		r.wrong(n.line, "write a share of the target such as 0.75", "warn_after %g does not lie in (0, 1]", n.value)
		return otherwise
	}
	return n.value
}

func (b filePeriod) read(r *reader, p *Policy) {
	date := func(w word, name string) time.Time {
		if w.line == 0 {
			r.wrong(b.line, "write a date like 2026-01-01", "baseline without %q", name)
			return time.Time{}
		}
		at, err := time.ParseInLocation(time.DateOnly, w.text, p.Zone)
		if err != nil {
			r.wrong(w.line, "write a date like 2026-01-01", "baseline, %s: %q is no date", name, w.text)
		}
		return at
	}
	p.BaselineFrom, p.BaselineTo = date(b.from, "from"), date(b.to, "to")
	if !p.BaselineFrom.IsZero() && !p.BaselineTo.IsZero() && !p.BaselineFrom.Before(p.BaselineTo) {
		r.wrong(b.to.line, "the last day is not included", "baseline that ends on %s, not after it begins", b.to.text)
	}
}

// longest is the longest duration a policy may name; years of it are a slip, and far more would overflow.
const longest = 3660 * 24 * time.Hour

var (
	durationShape = regexp.MustCompile(`^(?:(?:\d+(?:\.\d+)?)[a-z]+)+$`)
	durationPart  = regexp.MustCompile(`(\d+(?:\.\d+)?)([a-zA-Z\p{Han}]+)`)
)

// duration reads 5m, 1h30m, 3d or, where a working day is known, 1wd.
func (r *reader) duration(w word, what string, workingDay time.Duration) time.Duration {
	d, unit, err := parseDuration(w.text, workingDay)
	switch {
	case err != nil && unit != "":
		r.wrong(w.line, unitMeant(unit, workingDay), "unknown unit %q in %s %q", unit, what, w.text)
	case err != nil:
		r.wrong(w.line, "write a positive number with its unit, such as 2h", "%s %q is no duration", what, w.text)
	case d <= 0 || d > longest:
		r.wrong(w.line, "more than nothing and at most ten years are meant", "%s %q is out of bounds", what, w.text)
	}
	return d
}

// unitMeant proposes the unit behind a longer name of it. A guess from the letters alone would make minutes of months.
func unitMeant(unit string, workingDay time.Duration) string {
	names := map[string][]string{
		"s": {"sec", "secs", "second", "seconds", "秒"}, "m": {"min", "mins", "minute", "minutes", "分钟"},
		"h": {"H", "hr", "hrs", "hour", "hours", "小时"}, "d": {"D", "day", "days", "天"},
		"wd": {"WD", "bd", "workday", "workdays", "工作日"},
	}
	if workingDay == 0 {
		delete(names, "wd")
	}
	for short, long := range names {
		if slices.Contains(long, unit) {
			return fmt.Sprintf("did you mean %q?", short)
		}
	}
	list := "use s, m, h or d (24 hours)"
	if workingDay > 0 {
		list += ", or wd (a day of the calendar)"
	}
	return list
}

// parseDuration also names the unit that it does not know.
func parseDuration(s string, workingDay time.Duration) (d time.Duration, unit string, err error) {
	known := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}
	if workingDay > 0 {
		known["wd"] = workingDay
	}
	parts := durationPart.FindAllStringSubmatch(s, -1)
	sum := 0.0
	for _, p := range parts {
		n, err := strconv.ParseFloat(p[1], 64)
		if err != nil {
			return 0, "", fmt.Errorf("duration %q: %w", s, err)
		}
		u, ok := known[p[2]]
		if !ok {
			return 0, p[2], errors.New("unknown unit")
		}
		sum += n * float64(u)
	}
	if !durationShape.MatchString(s) {
		return 0, "", errors.New("no duration")
	}
	return time.Duration(min(sum, float64(2*longest))).Truncate(time.Millisecond), "", nil
}
