package dashboard

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"wenguo/transform"
	"wenguo/transform/sla"
	"wenguo/transform/text"
)

// policyPage is what templates/policy.html shows: the policies that were ever in force, and the chosen one in full.
type policyPage struct {
	settingsFrame

	History   []policyRow
	Shown     policyRow
	Stages    []policyStage
	Calendars []calendarRow
	Doubts    []string
	MinimumN  string
	Zone      string
}

type policyRow struct {
	Revision, Since, URL string
	Now, Chosen          bool
}

type policyStage struct {
	Name    string
	Targets []policyTarget
}

// policyTarget is a promise; Priorities are those that it holds for where nothing else is known of a complaint.
type policyTarget struct {
	Rule                     string
	Priorities               []string
	Duration, Warn, Calendar string
	Pauses                   bool
}

type calendarRow struct {
	Name, Until string
	// Late says that its known holidays have ended, or soon will.
	Late bool
}

// calendarNotice is how long before its end a calendar is warned of.
const calendarNotice = 60 * 24 * time.Hour

// policy shows what is promised and since when. It is read only: a policy is a file that `wenguo check` tries first.
func (s *Server) policy(c *gin.Context) {
	p := policyPage{settingsFrame: s.settingsFrame(c, "策略与日历", "/settings/policy")}
	if s.deps.Policies == nil || len(s.deps.Policies()) == 0 {
		s.render(c, http.StatusOK, "policy", p)
		return
	}
	history := s.deps.Policies()
	shown := len(history) - 1
	if wanted := c.Query("revision"); wanted != "" {
		if shown = slices.IndexFunc(history, func(a transform.Applied) bool { return strconv.FormatUint(uint64(a.Revision), 10) == wanted }); shown < 0 {
			s.fail(c, badField("revision", "没有这个版本"))
			return
		}
	}
	for i, a := range history {
		n := strconv.FormatUint(uint64(a.Revision), 10)
		row := policyRow{n, s.minute(a.From), "/settings/policy?revision=" + n, i == len(history)-1, i == shown}
		if i == shown {
			p.Shown = row
		}
		p.History = append([]policyRow{row}, p.History...)
	}
	in := history[shown].Policy
	p.MinimumN, p.Zone = grouped(int64(in.MinimumN)), in.Zone.String()
	for _, stage := range []sla.Stage{sla.Acknowledge, sla.Dispatch, sla.Confirm, sla.Plan, sla.Resolve, sla.Survey, sla.Redo, sla.Assist, sla.Sync} {
		row := policyStage{Name: stageNames[stage]}
		for _, t := range in.Targets(stage) {
			made := policyTarget{Rule: t.Rule, Duration: durationText(t.Duration), Warn: durationText(t.WarnAfter), Calendar: calendarName(t.Calendar.ID()), Pauses: t.Pauses}
			for _, priority := range sla.Priorities() {
				if usual, ok := in.Target(stage, sla.Values{Priority: priority}); ok && usual == t {
					made.Priorities = append(made.Priorities, name(priorityNames, priority))
				}
			}
			row.Targets = append(row.Targets, made)
		}
		if len(row.Targets) > 0 {
			p.Stages = append(p.Stages, row)
		}
	}
	now := s.deps.Now()
	for _, k := range in.Calendars() {
		row := calendarRow{Name: calendarName(k.ID())}
		if until := k.ValidUntil(); !until.IsZero() {
			row.Until, row.Late = k.LastKnownDay().Format(time.DateOnly), until.Sub(now) < calendarNotice
		}
		p.Calendars = append(p.Calendars, row)
	}
	for _, doubt := range in.Doubts() {
		p.Doubts = append(p.Doubts, doubt.Error())
	}
	s.render(c, http.StatusOK, "policy", p)
}

// Words cuts texts into words.
type Words interface {
	// Cut gives all pieces of a text, that together are the text as it is normalised; false while the dictionaries load.
	Cut(text string) ([]string, bool)
	// Terms are the words that this installation adds.
	Terms() []string
}

// wordsPage is what templates/words.html shows: the workbench.
type wordsPage struct {
	settingsFrame

	Text, Masked string
	Pieces       []wordPiece
	Kept         int
	Loading      bool
	Own, Domain  []string
	Words        []wordRow
}

// wordPiece is a piece of the text; Kept says that issues are found by it.
type wordPiece struct {
	Text string
	Kept bool
}

type wordRow struct{ Word, Source string }

// maxWorkbench bounds the text of the workbench, in characters.
const maxWorkbench = 2000

// workbench shows how a text is cut. It is posted, so that what somebody pastes stands in no address or log.
func (s *Server) workbench(c *gin.Context) {
	p := wordsPage{settingsFrame: s.settingsFrame(c, "词典", "/settings/words"), Domain: text.DomainTerms()}
	if s.deps.Words != nil {
		p.Own = s.deps.Words.Terms()
	}
	if p.Text = strings.TrimSpace(c.PostForm("text")); p.Text == "" || s.deps.Words == nil {
		s.render(c, http.StatusOK, "words", p)
		return
	}
	if utf8.RuneCountInString(p.Text) > maxWorkbench {
		s.fail(c, badField("text", "最多 2000 个字"))
		return
	}
	p.Masked = text.Mask(p.Text)
	pieces, ready := s.deps.Words.Cut(p.Masked)
	p.Loading = !ready
	seen := map[string]bool{}
	for _, piece := range pieces {
		kept := text.IsWord(piece)
		p.Pieces = append(p.Pieces, wordPiece{piece, kept})
		if kept && !seen[piece] {
			seen[piece] = true
			p.Words = append(p.Words, wordRow{piece, p.source(piece)})
		}
	}
	p.Kept = len(p.Words)
	s.render(c, http.StatusOK, "words", p)
}

// source says which dictionary has a word.
func (p wordsPage) source(word string) string {
	switch {
	case slices.Contains(p.Own, word):
		return "自有词"
	case slices.Contains(p.Domain, word):
		return "投诉用词"
	}
	return "通用词典或推断"
}
