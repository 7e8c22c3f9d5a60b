package notify

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// card is one message to people, without the form that a maker wants.
type card struct {
	Title string
	// Tone is bad while something critical fires, warn while anything does, good when all is over.
	Tone  string
	Items []string
	// Rest is how many alerts are not among the items, Link where all of them are.
	Rest int
	Link string
}

// most is how many alerts a card lists, whatever room there is: nobody reads more on a telephone.
const most = 10

// writer turns messages into cards.
type writer struct {
	zone *time.Location
	mask func(string) string
	// site is the address of the pages, without a slash at its end.
	site func() string
}

func (w writer) card(m Message) card {
	alerts := m.ordered()
	c := card{Tone: "good", Link: w.site() + "/alerts"}
	var fires, over int
	for _, a := range alerts {
		switch {
		case a.Status == resolved:
			over++
		case a.Labels.Severity == critical:
			fires++
			c.Tone = "bad"
		default:
			fires++
			if c.Tone == "good" {
				c.Tone = "warn"
			}
		}
	}
	c.Title = map[string]string{"bad": "【告警】", "warn": "【预警】", "good": "【已恢复】"}[c.Tone] + w.subject(alerts)
	switch {
	case fires > 0 && over > 0:
		c.Title += "：" + strconv.Itoa(fires) + " 项未解除，" + strconv.Itoa(over) + " 项已恢复"
	default:
		c.Title += "：" + strconv.Itoa(fires+over+m.Truncated) + " 项"
	}
	for _, a := range alerts[:min(len(alerts), most)] {
		c.Items = append(c.Items, w.item(a))
	}
	c.Rest = len(alerts) - len(c.Items) + m.Truncated
	return c
}

// subject names what all alerts have in common, the department and the stage.
func (w writer) subject(alerts []Alert) string {
	if len(alerts) == 0 {
		return "闻过"
	}
	first := alerts[0].Labels
	for _, a := range alerts {
		if a.Labels.Department != first.Department {
			first.Department = ""
		}
		if a.Labels.Stage != first.Stage {
			first.Stage = ""
		}
	}
	parts := []string{"闻过"}
	if first.Department != "" {
		parts = append(parts, w.plain(first.Department))
	}
	if first.Stage != "" {
		parts = append(parts, stageName(first.Stage))
	}
	return strings.Join(parts, " · ")
}

// item is one alert in the markdown that all makers understand.
func (w writer) item(a Alert) string {
	what := w.plain(w.mask(a.Annotations.Summary))
	if what == "" {
		what = w.plain(a.Labels.Alert)
	}
	var b strings.Builder
	b.WriteString("**" + a.word() + "** " + what)
	if a.Status == resolved {
		b.WriteString("\n\n" + a.EndsAt.In(w.zone).Format("2006-01-02 15:04:05") + " 恢复")
	} else {
		if d := w.plain(w.mask(a.Annotations.Description)); d != "" {
			b.WriteString("\n\n" + d)
		}
		if who := w.plain(w.mask(a.Annotations.Owner)); who != "" {
			b.WriteString("\n\n负责：" + who)
		}
		b.WriteString("\n\n" + a.StartsAt.In(w.zone).Format("2006-01-02 15:04:05") + " 起")
	}
	if link := w.link(a.Annotations.Page); link != "" {
		b.WriteString(" · [查看](" + link + ")")
	}
	return b.String()
}

func (a Alert) word() string {
	switch {
	case a.Status == resolved:
		return "已恢复"
	case a.Labels.Severity == critical:
		return "告警"
	}
	return "预警"
}

// link is the address of a page of ours; an annotation that leads elsewhere gives none.
func (w writer) link(page string) string {
	page = strings.TrimPrefix(page, w.site())
	if !strings.HasPrefix(page, "/") || strings.HasPrefix(page, "//") || strings.ContainsFunc(page, unicode.IsControl) {
		return ""
	}
	return w.site() + strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", `"`, "%22", "\\", "%5C").Replace(page)
}

// plain takes the markup out of a text that strangers may have written: the makers' dialects know no common escape, so the
// signs that begin a link, a mention or an emphasis are replaced by their full-width forms, and it stays one line.
func (w writer) plain(s string) string {
	s = strings.NewReplacer("<", "＜", ">", "＞", "[", "［", "]", "］", "*", "＊", "`", "｀", "~~", "～～", "@", "＠", "\\", "＼").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, s)
	return cut(strings.TrimLeft(strings.Join(strings.Fields(s), " "), "#"), longest)
}

// longest is how many bytes of a text a card shows.
const longest = 600

// cut shortens a text to at most n bytes, at the boundary of a character.
func cut(s string, n int) string {
	const dots = "…"
	if len(s) <= n {
		return s
	}
	s = s[:max(n-len(dots), 0)]
	for len(s) > 0 {
		if r, size := utf8.DecodeLastRuneInString(s); r != utf8.RuneError || size > 1 {
			break
		}
		s = s[:len(s)-1]
	}
	return s + dots
}

// text writes as many items as fit: fits says whether a text does. What is left out is counted, with a link to all.
func (c card) text(fits func(string) bool) (text string, shown int) {
	write := func(items []string) string {
		rest := c.Rest + len(c.Items) - len(items)
		parts := append([]string{"### " + c.Title}, items...)
		if rest > 0 {
			parts = append(parts, "以上 "+strconv.Itoa(len(items))+" 项，另有 "+strconv.Itoa(rest)+" 项 · [全部告警]("+c.Link+")")
		} else {
			parts = append(parts, "[全部告警]("+c.Link+")")
		}
		return strings.Join(parts, "\n\n")
	}
	for n := len(c.Items); n > 0; n-- {
		if text = write(c.Items[:n]); fits(text) {
			return text, n
		}
	}
	text = write(nil)
	for n := len(text); n > 0 && !fits(text); n -= 16 {
		text = cut(text, n)
	}
	return text, 0
}

//nolint:gochecknoglobals // a constant table
var stageNames = map[string]string{
	"acknowledge": "受理", "dispatch": "派单", "confirm": "部门确认", "plan": "方案", "resolve": "办结", "survey": "回访", "redo": "二次处置", "assist": "协办", "sync": "归集",
}

func stageName(stage string) string {
	if name, ok := stageNames[stage]; ok {
		return name
	}
	return cut(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == '-' {
			return r
		}
		return -1
	}, stage), 32)
}
