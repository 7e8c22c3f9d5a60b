package dashboard

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/ingest"
	"wenguo/transform"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// actionPage is what templates/action.html shows: one action, or the form that opens one.
type actionPage struct {
	frame

	Card   actionCard
	Action improve.Action
	Form   actionForm
	Steps  []stepRow
	Curate curating
	// New says that there is no action yet.
	New bool
	// Verdicts are what a verification may find.
	Verdicts []choice
	// Moved says that the due day is not the first one, which Promised is.
	Moved    bool
	Promised string
	Today    string
	// Stages are the columns of the board, those passed with a mark.
	Stages []choice
	// Read is the form as text, where nothing can be decided.
	Read []stepField
	// Effect is what the figures say.
	Effect part[effectView]
}

// actionForm holds the values of the form.
type actionForm struct {
	Issue, IssueName, Title                                    string
	CauseGroups                                                []choice
	Whys                                                       []string
	Containment, Measure, Prevention, ExpectedEffect, Evidence string
	Department, Owner, Due                                     string
}

// stepRow is one step of an action in words.
type stepRow struct {
	ID, When, Full, Who, Department, What string
	Fields                                []stepField
	Undone                                bool
	UndoneBy                              string
}

// stepField is what a step says of one field: data, unless Words says it in the page's own.
type stepField struct{ Name, Value, Words string }

// minWhys is how many whys the form offers.
const minWhys = 5

var actionStepNames = map[ingest.Kind]string{ //nolint:gochecknoglobals // a constant table
	ingest.KindActionOpened: "发起整改", ingest.KindActionUpdated: "更新整改", ingest.KindActionDone: "标记完成",
	ingest.KindActionVerified: "验证效果", ingest.KindActionClosed: "关闭整改", ingest.KindActionReopened: "重启整改",
}

// stepFields are the fields of steps in the order of the form.
var stepFields = []struct{ key, name string }{ //nolint:gochecknoglobals // a constant table
	{"title", "标题"},
	{"cause_group", "原因分类"},
	{"root_cause", "根本原因"},
	{"containment", "临时措施"},
	{"measure", "纠正措施"},
	{"prevention", "预防措施"},
	{"department", "责任部门"},
	{"owner", "责任人"},
	{"due_at", "期限"},
	{"expected_effect", "预期效果"},
	{"at", "完成时间"},
	{"evidence", "佐证"},
	{"verdict", "结论"},
	{"by", "验证人"},
	{"reason", "理由"},
}

// action shows one action.
func (s *Server) action(c *gin.Context) {
	f, err := s.begin(c, "整改", improvementPath, "done", "late")
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx := c.Request.Context()
	all, err := s.actionsOf(ctx, f.View, actionFilter{})
	if err != nil {
		s.fail(c, err)
		return
	}
	names, err := s.deps.Reader.IssueNames(ctx)
	if err != nil {
		s.fail(c, err)
		return
	}
	i := slices.IndexFunc(all, func(a improve.Action) bool { return a.ID == c.Param("id") })
	if i < 0 {
		s.fail(c, transform.ErrNotFound)
		return
	}
	a := all[i]
	var wg sync.WaitGroup
	var proven part[proof]
	ask(s, &wg, "effect", &proven, func() (proof, error) { return s.prove(ctx, a, all, names, f.View.AsOf) })
	wg.Wait()
	p := actionPage{frame: f, Action: a, Card: newActionCard(f.View, a, names), Form: s.newActionForm(a, names), Today: f.Now.Format(time.DateOnly)}
	p.Title, p.TitleData, p.Chips = p.Card.Title, true, nil
	p.Effect = convert(proven, func(e proof) effectView { return newEffect(f.View, e) })
	for _, step := range slices.Backward(a.Steps) {
		p.Steps = append(p.Steps, s.stepRow(step))
	}
	for _, verdict := range ingest.Verdicts {
		p.Verdicts = append(p.Verdicts, choice{Value: verdict, Label: verdictNames[improve.Verdict(verdict)]})
	}
	if p.Moved = !a.FirstDue.IsZero() && !a.FirstDue.Equal(a.DueAt); p.Moved {
		p.Promised = day(a.FirstDue, f.View.AsOf)
	}
	for i, state := range improve.States {
		one := choice{Label: actionStateNames[state], Chosen: state == a.State}
		if i < slices.Index(improve.States, a.State) {
			one.Count = "1"
		}
		p.Stages = append(p.Stages, one)
	}
	p.Read = s.sayFields(map[string]string{
		"cause_group": a.CauseGroup, "root_cause": a.RootCause, "containment": a.Containment, "measure": a.Measure, "prevention": a.Prevention,
		"expected_effect": a.ExpectedEffect, "evidence": a.Evidence,
	})
	p.Curate = s.curatingPage(c, f.View, a.Issue)
	s.render(c, http.StatusOK, "action", p)
}

// newAction shows the form that opens an action; an address with an issue prefills it.
func (s *Server) newAction(c *gin.Context) {
	f, err := s.begin(c, "发起整改", improvementPath)
	if err != nil {
		s.fail(c, err)
		return
	}
	names, err := s.deps.Reader.IssueNames(c.Request.Context())
	if err != nil {
		s.fail(c, err)
		return
	}
	var a improve.Action
	if of := f.View.Slice[kpi.Issue]; len(of) > 0 && names[of[0]].ID != "" {
		k, err := s.curation(c.Request.Context())
		if err != nil {
			s.fail(c, err)
			return
		}
		a.Issue = cmp.Or(names[of[0]].Leads, of[0])
		marks := k.Marks(a.Issue)
		a.Department, a.Owner = marks.Department, marks.Owner
	}
	f.Chips = nil
	p := actionPage{frame: f, New: true, Form: s.newActionForm(a, names), Curate: s.curatingPage(c, f.View, "")}
	s.render(c, http.StatusOK, "action", p)
}

// newActionForm fills the form with what an action holds.
func (s *Server) newActionForm(a improve.Action, names map[string]issue.Named) actionForm {
	f := actionForm{
		Issue: a.Issue, Title: a.Title, Containment: a.Containment, Measure: a.Measure, Prevention: a.Prevention,
		ExpectedEffect: a.ExpectedEffect, Evidence: a.Evidence, Department: a.Department, Owner: a.Owner,
	}
	if a.Issue != "" {
		f.IssueName = cmp.Or(names[a.Issue].Name, a.Issue)
	}
	if !a.DueAt.IsZero() {
		f.Due = a.DueAt.In(s.cfg.Zone).Format(time.DateOnly)
	}
	if a.RootCause != "" {
		f.Whys = strings.Split(a.RootCause, "\n")
	}
	for len(f.Whys) < minWhys {
		f.Whys = append(f.Whys, "")
	}
	for _, group := range ingest.CauseGroups {
		f.CauseGroups = append(f.CauseGroups, choice{Value: group, Label: causeNames[group], Chosen: group == a.CauseGroup})
	}
	return f
}

// stepRow writes a step in words.
func (s *Server) stepRow(step improve.Step) stepRow {
	now := s.deps.Now().In(s.cfg.Zone)
	r := stepRow{
		ID: step.ID, When: clockTime(step.At, now), Full: step.At.In(s.cfg.Zone).Format("2006-01-02 15:04:05"), Who: cmp.Or(step.By, dash),
		Department: step.Department, What: actionStepNames[step.Kind], Undone: step.UndoneBy != "", UndoneBy: step.UndoneBy,
	}
	r.Fields = s.sayFields(step.Says)
	return r
}

// sayFields writes the fields of a step in words, in the order of the form.
func (s *Server) sayFields(says map[string]string) []stepField {
	now := s.deps.Now().In(s.cfg.Zone)
	var out []stepField
	for _, field := range stepFields {
		value := says[field.key]
		if value == "" {
			continue
		}
		one := stepField{Name: field.name, Value: value}
		switch field.key {
		case "cause_group":
			if words, known := causeNames[value]; known {
				one.Value, one.Words = "", words
			}
		case "verdict":
			if words, known := verdictNames[improve.Verdict(value)]; known {
				one.Value, one.Words = "", words
			}
		case "due_at", "at":
			if t, err := time.Parse(time.RFC3339Nano, value); err == nil {
				one.Value = day(t, now)
			}
		}
		out = append(out, one)
	}
	return out
}
