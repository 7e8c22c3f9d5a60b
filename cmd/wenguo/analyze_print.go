package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"

	"wenguo/transform/issue"
	"wenguo/transform/text"
)

// shownIssues is how many issues the summary on the terminal lists, shownKeywords how many words of each.
const (
	shownIssues   = 15
	shownKeywords = 4
)

// summary is what analyze says on the terminal.
type summary struct {
	messages []issue.Message
	issues   []issue.Issue
	// duplicates says that they were looked for: pairs, and messages in one.
	duplicates    bool
	pairs, inside int
}

// print shows the hottest issues. Texts are masked.
func (s summary) print(w io.Writer) error {
	inside := 0
	for _, is := range s.issues {
		inside += len(is.Members)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d 条诉求：%d 个反复出现的问题涉及 %d 条（%s），其余 %d 条（%s）不属于任何反复问题\n", len(s.messages),
		len(s.issues), inside, share(inside, len(s.messages)), len(s.messages)-inside, share(len(s.messages)-inside, len(s.messages)))
	if s.duplicates {
		fmt.Fprintf(&b, "疑似重复 %d 对，涉及 %d 条\n", s.pairs, s.inside)
	}
	if shown := s.issues[:min(shownIssues, len(s.issues))]; len(shown) > 0 {
		b.WriteByte('\n')
		s.table(&b, shown)
		if more := len(s.issues) - len(shown); more > 0 {
			fmt.Fprintf(&b, "另有 %d 个问题，用 --issues FILE 可全部写出\n", more)
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print summary: %w", err)
	}
	return nil
}

func share(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(part)/float64(whole))
}

// table aligns the issues; under each stands the beginning of a text that is typical for it.
func (s summary) table(b *strings.Builder, issues []issue.Issue) {
	rows := [][]string{{"", "问题", "客户", "诉求", "首次 – 最近", "关键词"}}
	for i, is := range issues {
		words := keywords(is)
		rows = append(rows, []string{
			fmt.Sprint(i + 1), is.Name, fmt.Sprint(is.Customers), fmt.Sprint(len(is.Members)), span(is),
			strings.Join(words[:min(shownKeywords, len(words))], " "),
		})
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for k, cell := range row {
			widths[k] = max(widths[k], width(cell))
		}
	}
	for i, row := range rows {
		var line strings.Builder
		for k, cell := range row {
			gap := strings.Repeat(" ", widths[k]-width(cell))
			if k == 0 || k == 2 || k == 3 {
				cell = gap + cell
			} else {
				cell += gap
			}
			line.WriteString("  " + cell)
		}
		fmt.Fprintln(b, strings.TrimRight(line.String(), " "))
		if i > 0 {
			m := s.messages[issues[i-1].Representatives[0]]
			fmt.Fprintf(b, "%s例：%s\n", strings.Repeat(" ", 4+widths[0]), excerpt(m.Title+" "+m.Text, 50))
		}
	}
}

// width is the number of columns on a terminal: a Chinese character takes two. Signs that are wide in some fonts alone
// count as narrow, whatever the locale.
func width(s string) int {
	c := runewidth.Condition{StrictEmojiNeutral: true}
	return c.StringWidth(s)
}

func span(is issue.Issue) string {
	if is.FirstSeen.IsZero() {
		return ""
	}
	return is.FirstSeen.Format(time.DateOnly) + " – " + is.LastSeen.Format(time.DateOnly)
}

func keywords(is issue.Issue) []string {
	words := make([]string, len(is.Keywords))
	for i, k := range is.Keywords {
		words[i] = k.Word
	}
	return words
}

// excerpt is the masked beginning of a text on one line, without signs that steer a terminal.
func excerpt(s string, runes int) string {
	r := []rune(strings.Join(strings.Fields(text.Clean(text.Mask(s))), " "))
	if len(r) > runes {
		return string(r[:runes]) + "…"
	}
	return string(r)
}
