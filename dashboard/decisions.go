package dashboard

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"wenguo/ingest"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// decisionsPage is what templates/decisions.html shows: the log.
type decisionsPage struct {
	frame

	Curate  curating
	Rows    []logRow
	Total   string
	Kinds   []kindTab
	MoreURL string
	More    string
	// Issue is what the log is narrowed to, with the address of the whole.
	Issue *logThing
	All   string
}

// logList is the log with what its buttons need.
type logList struct {
	Rows []logRow
	Can  bool
	Page any
}

// LogList is for the template.
func (p decisionsPage) LogList() logList { return logList{p.Rows, p.Curate.Can, p} }

// LogList is for the template.
func (p issuePage) LogList() logList { return logList{p.Curate.Log, p.Curate.Can, p} }

type kindTab struct {
	Name, URL string
	Chosen    bool
}

// logRow is one decision in words.
type logRow struct {
	ID, When, Full  string
	Who, Department string
	What            string
	Things          []logThing
	Into            *logThing
	IntoNone        bool
	Complaints      []logThing
	MoreComplaints  int
	Changes         []logChange
	// Said are the fields of a step of an action.
	Said             []stepField
	Undone, Undoing  bool
	UndoneBy, Undoes string
	// Over names the decision that its author did not know of.
	Over string
}

// logThing is an issue or a complaint.
type logThing struct{ Name, URL string }

// logChange is what one facet was and became; Before and After are data, unless they are words of the page.
type logChange struct {
	Name, Before, After     string
	BeforeWords, AfterWords string
}

// decisionNames are the kinds of decisions in words, in the order of the tabs.
var decisionNames = map[ingest.Kind]string{ //nolint:gochecknoglobals // a constant table
	ingest.KindIssueMerged: "合并问题", ingest.KindIssueSplit: "拆分问题", ingest.KindIssueRenamed: "重命名", ingest.KindIssueMuted: "屏蔽",
	ingest.KindIssueOwned: "指定负责人", ingest.KindIssueNoted: "备注", ingest.KindComplaintPlaced: "调整归属", ingest.KindDecisionUndone: "撤销",
	ingest.KindIssueAnswered: "答复口径", ingest.KindActionOpened: "发起整改", ingest.KindActionUpdated: "更新整改", ingest.KindActionDone: "整改完成",
	ingest.KindActionVerified: "验证整改", ingest.KindActionClosed: "关闭整改", ingest.KindActionReopened: "重启整改",
}

// logRowsShown is how many decisions the page shows at first, and how many more with each step; shownComplaints bounds those
// named in one row.
const (
	logRowsShown    = 60
	shownComplaints = 5
)

func (s *Server) decisions(c *gin.Context) {
	f, err := s.begin(c, "决定记录", "/issues", "kind", "shown", "done", "late")
	if err != nil {
		s.fail(c, err)
		return
	}
	k, err := s.curation(c.Request.Context())
	if err != nil {
		s.fail(c, err)
		return
	}
	names, err := s.deps.Reader.IssueNames(c.Request.Context())
	if err != nil {
		s.fail(c, err)
		return
	}
	found, err := logOf(k, f.View)
	if err != nil {
		s.fail(c, err)
		return
	}
	shown, err := strconv.Atoi(f.View.Own.Get("shown"))
	if err != nil || shown < logRowsShown {
		shown = logRowsShown
	}
	p := decisionsPage{frame: f, Curate: s.curating(c, f.View, k, names), Total: grouped(int64(len(found)))}
	p.Rows = s.logRows(found[:min(len(found), shown)], names)
	if len(found) > shown {
		p.More, p.MoreURL = grouped(int64(len(found)-shown)), f.View.Set("shown", strconv.Itoa(shown+logRowsShown))
	}
	chosen := ingest.Kind(f.View.Own.Get("kind"))
	p.Kinds = []kindTab{{"全部", f.View.Set("kind", ""), chosen == ""}}
	for _, kind := range decidable {
		p.Kinds = append(p.Kinds, kindTab{decisionNames[kind], f.View.Set("kind", string(kind)), kind == chosen})
	}
	if of := f.View.Slice[kpi.Issue]; len(of) > 0 {
		p.Issue = new(thing(names, of[0]))
		p.All = f.View.Without(kpi.Issue, of[0])
	}
	p.Chips = nil
	s.render(c, http.StatusOK, "decisions", p)
}

// thing is an issue by what it is called.
func thing(names map[string]issue.Named, id string) logThing {
	return logThing{cmp.Or(names[id].Name, id), "/issues/" + pathEscape(id)}
}

// logRows writes decisions in words.
func (s *Server) logRows(entries []issue.Entry, names map[string]issue.Named) []logRow {
	now := s.deps.Now().In(s.cfg.Zone)
	var out []logRow
	for _, e := range entries {
		r := logRow{
			ID: e.ID, When: clockTime(e.At, now), Full: e.At.In(s.cfg.Zone).Format("2006-01-02 15:04:05"), Who: cmp.Or(e.By.ID, "—"),
			Department: e.By.Department, What: decisionNames[kindOf(e.Decision)], Undone: e.UndoneBy != "", Undoing: e.Undo != "",
			UndoneBy: e.UndoneBy, Undoes: e.Undo, Over: e.Over,
		}
		r.about(e, names)
		r.changes(e)
		if e.Act != nil {
			r.Said = s.sayFields(e.Act.Says)
		}
		out = append(out, r)
	}
	return out
}

// about fills what a decision is about.
func (r *logRow) about(e issue.Entry, names map[string]issue.Named) {
	var complaints []string
	for _, k := range e.Keys {
		switch {
		case k.Facet == issue.FacetPlace:
			complaints = append(complaints, k.ID)
		case k.Facet == issue.FacetAction:
			r.Things = append(r.Things, logThing{k.ID, improvementPath + "/" + pathEscape(k.ID)})
		case e.Merge != nil && k.ID == e.Merge.Into:
		default:
			r.Things = append(r.Things, thing(names, k.ID))
		}
	}
	switch {
	case e.Merge != nil:
		r.Into = new(thing(names, e.Merge.Into))
	case e.Split != nil:
		complaints = slices.Concat(e.Split.Groups...)
		for k := range e.Split.Groups {
			if part := issue.PartID(e.Subject, e.ID, k); names[part].ID != "" {
				r.Into = new(thing(names, part))
			}
		}
	case e.Act != nil && e.Act.Issue != "":
		r.Things = append(r.Things, thing(names, e.Act.Issue))
	case e.Place != nil:
		if r.IntoNone = e.Place.Issue == ""; !r.IntoNone {
			r.Into = new(thing(names, e.Place.Issue))
		}
		if e.Place.Was != "" {
			r.Things = append(r.Things, thing(names, e.Place.Was))
		}
	}
	for _, id := range complaints[:min(len(complaints), shownComplaints)] {
		r.Complaints = append(r.Complaints, logThing{id, "/complaints/" + pathEscape(id)})
	}
	r.MoreComplaints = max(len(complaints)-shownComplaints, 0)
}

// changes fills what the marks were and became.
func (r *logRow) changes(e issue.Entry) {
	b, a := e.Before, e.After
	for _, k := range e.Keys {
		switch k.Facet {
		case issue.FacetName:
			r.change("名称", b.Name, a.Name, "系统所起的名称")
		case issue.FacetOwner:
			r.change("负责人", ownerText(b), ownerText(a), "未指定")
		case issue.FacetNote:
			r.change("备注", b.Note, a.Note, "无")
		case issue.FacetMute:
			words := map[bool]string{true: "已屏蔽", false: "显示"}
			r.Changes = append(r.Changes, logChange{Name: "状态", BeforeWords: words[b.Muted], AfterWords: words[a.Muted]})
		case issue.FacetReply:
			r.change("原因", b.Cause, a.Cause, "未填写")
			r.change("绕行办法", b.Workaround, a.Workaround, "未填写")
			r.change("答复口径", b.Answer, a.Answer, "未填写")
			r.Changes = slices.DeleteFunc(r.Changes, func(c logChange) bool { return c.Before == c.After })
		case issue.FacetGroup, issue.FacetPlace, issue.FacetAction:
		}
		if len(r.Changes) > 0 {
			return
		}
	}
}

// change tells one; without a value it is the word for none.
func (r *logRow) change(name, before, after, none string) {
	c := logChange{Name: name, Before: before, After: after}
	if before == "" {
		c.BeforeWords = none
	}
	if after == "" {
		c.AfterWords = none
	}
	r.Changes = append(r.Changes, c)
}

// ownerText is who an issue was given to.
func ownerText(m issue.Marks) string { return strings.Trim(m.Department+" · "+m.Owner, " ·") }
