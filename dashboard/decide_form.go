package dashboard

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"wenguo/ingest"
	"wenguo/transform/issue"
)

// decidePage is what templates/decide.html asks before a decision is made.
type decidePage struct {
	frame

	// Ask is who, choose, clash or built.
	Ask string
	// Hidden are the fields of the form that led here.
	Hidden []hiddenField
	Back   string
	// Words say what is asked for; Choices are issues of which one is chosen for the field into.
	Words   string
	Choices []issueChoice
	// Mine and Theirs are decisions as the log shows them.
	Mine, Theirs []logRow
}

type hiddenField struct{ Name, Value string }

// issueChoice is an issue that may be chosen.
type issueChoice struct {
	ID, Name, URL string
	Chosen        bool
}

// decideForm takes what a form asks for: one or several decisions of one kind. It leads back to the page, or asks for what
// is missing.
func (s *Server) decideForm(c *gin.Context) {
	form := c.Request.PostForm
	back := safeBack(form.Get("back"))
	actor, known := s.author(c, form)
	if form.Get("do") == "who" && known {
		c.Redirect(http.StatusSeeOther, back)
		return
	}
	f := s.bareFrame(c, "整理问题")
	f.Nav = "/issues"
	if strings.HasPrefix(back, improvementPath) {
		f.Title, f.Nav = "改进闭环", improvementPath
	}
	p := decidePage{frame: f, Back: back}
	if !known {
		p.Ask, p.Hidden = "who", hidden(form)
		s.render(c, http.StatusOK, "decide", p)
		return
	}
	ctx := c.Request.Context()
	w, choice, err := s.wishOf(ctx, form)
	if err == nil && choice != nil {
		p.Ask, p.Hidden, p.Words, p.Choices = "choose", hidden(form, "into", "into_name"), choice.words, choice.issues
		s.render(c, http.StatusOK, "decide", p)
		return
	}
	var made []issue.Decision
	inEffect := false
	if err == nil {
		w.actor, w.knowing = actor, form.Get("confirm") != ""
		made, inEffect, err = s.decide(ctx, w)
	}
	if err == nil {
		c.Redirect(http.StatusSeeOther, afterwards(back, made, inEffect))
		return
	}
	s.obstacle(c, p, form, err)
}

// obstacle shows what stands in the way of a decision, and lets the person go on knowing it.
func (s *Server) obstacle(c *gin.Context, p decidePage, form url.Values, err error) {
	names, nameErr := s.deps.Reader.IssueNames(c.Request.Context())
	k, isClash := errors.AsType[clash](err)
	b, isBuilt := errors.AsType[built](err)
	switch {
	case nameErr != nil || !isClash && !isBuilt:
		s.fail(c, err)
	case isClash:
		p.Ask, p.Hidden = "clash", append(hidden(form, "seen"), hiddenField{"seen", k.Head})
		p.Mine, p.Theirs = s.logRows(k.Mine, names), s.logRows(k.Theirs, names)
		s.render(c, http.StatusConflict, "decide", p)
	default:
		p.Ask, p.Hidden = "built", append(hidden(form, "confirm"), hiddenField{"confirm", "1"})
		p.Mine, p.Theirs = s.logRows([]issue.Entry{b.Target}, names), s.logRows(b.On, names)
		s.render(c, http.StatusOK, "decide", p)
	}
}

// hidden are a form's fields, those of its session, of its author and some others left out.
func hidden(form url.Values, but ...string) []hiddenField {
	but = append(but, csrfField, "who", "who_department")
	var out []hiddenField
	for _, key := range slices.Sorted(keysOf(form)) {
		if slices.Contains(but, key) {
			continue
		}
		for _, value := range form[key] {
			out = append(out, hiddenField{key, value})
		}
	}
	return out
}

func keysOf(form url.Values) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range form {
			if !yield(key) {
				return
			}
		}
	}
}

// safeBack is an address on this site, the issue stream for any other.
func safeBack(back string) string {
	if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n") {
		return "/issues"
	}
	return back
}

// afterwards is where a reader goes after a decision: back, or to the issue that remained; the address says what was done.
func afterwards(back string, made []issue.Decision, inEffect bool) string {
	u, err := url.Parse(back)
	if err != nil {
		return "/issues"
	}
	if opened, ok := openedAction(made); ok {
		u.Path, u.RawPath, u.RawQuery = opened, "", ""
	}
	q := u.Query()
	q.Del("done")
	q.Del("late")
	for _, d := range made[:min(len(made), maxFilterValues)] {
		q.Add("done", d.ID)
		if d.Merge != nil && strings.HasPrefix(u.Path, "/issues/") {
			u.Path, u.RawPath = "/issues/"+d.Merge.Into, "/issues/"+pathEscape(d.Merge.Into)
		}
	}
	if !inEffect {
		q.Set("late", "1")
	}
	u.RawQuery, u.Fragment = q.Encode(), ""
	return u.String()
}

// chooser asks for one of several issues.
type chooser struct {
	words  string
	issues []issueChoice
}

// wishOf reads what a form asks for, or what has to be chosen first.
func (s *Server) wishOf(ctx context.Context, form url.Values) (wish, *chooser, error) {
	do, complaints := form.Get("do"), form["complaint"]
	if out := form.Get("out"); out != "" { // the button of one row
		do, complaints = "out", []string{out}
	}
	if do == "enter" { // the key in a field of a bar with several buttons
		do = entered(form)
	}
	var seen *string
	if form.Has("seen") {
		seen = new(form.Get("seen"))
	}
	w := wish{}
	add := func(kind ingest.Kind, data any) { w.drafts = append(w.drafts, draft{kind: kind, data: data}) }
	var choice *chooser
	var err error
	switch id := form.Get("issue"); do {
	case "rename":
		add(ingest.KindIssueRenamed, &ingest.IssueRenamed{Issue: id, Name: strings.TrimSpace(form.Get("name")), Seen: seen})
	case "note":
		add(ingest.KindIssueNoted, &ingest.IssueNoted{Issue: id, Note: strings.TrimSpace(form.Get("note")), Seen: seen})
	case "own", "assign":
		if do == "assign" && strings.TrimSpace(form.Get("department")+form.Get("owner")) == "" {
			return w, nil, badBody("department", "请填写部门或负责人")
		}
		for _, id := range form["issue"] {
			add(ingest.KindIssueOwned, &ingest.IssueOwned{
				Issue: id, Department: strings.TrimSpace(form.Get("department")), Owner: strings.TrimSpace(form.Get("owner")), Seen: seen,
			})
		}
	case "mute":
		for _, id := range form["issue"] {
			add(ingest.KindIssueMuted, &ingest.IssueMuted{Issue: id, Seen: seen})
		}
	case "undo":
		for _, id := range form["decision"] {
			add(ingest.KindDecisionUndone, &ingest.DecisionUndone{EventID: id, Seen: seen})
		}
	case "merge":
		var into string
		if into, choice, err = s.chosenInto(ctx, form, form["issue"]); into != "" {
			from := slices.DeleteFunc(slices.Clone(form["issue"]), func(id string) bool { return id == into })
			add(ingest.KindIssueMerged, &ingest.IssueMerged{From: from, Into: into, Seen: seen})
		}
	case "split":
		add(ingest.KindIssueSplit, &ingest.IssueSplit{Issue: id, Groups: [][]string{complaints}, Seen: seen})
	case "out", "move":
		var into string
		if do == "move" {
			into, choice, err = s.chosenInto(ctx, form, nil)
		}
		for _, complaint := range complaints {
			add(ingest.KindComplaintPlaced, &ingest.ComplaintPlaced{ComplaintID: complaint, Issue: into, None: do == "out", Was: form.Get("was"), Seen: seen})
		}
	default:
		one, known, err := s.actionWish(ctx, form, seen)
		if !known {
			return w, nil, badBody("do", "没有这个操作")
		}
		if err != nil {
			return w, nil, err
		}
		w.drafts = append(w.drafts, one)
	}
	if err == nil && choice == nil && len(w.drafts) == 0 {
		return w, nil, badBody("issue", "没有选中任何一项，请先勾选")
	}
	s.number(&w, form.Get("key"), strings.TrimSpace(form.Get("name")))
	return w, choice, err
}

// entered is what the filled field of a bar asks for.
func entered(form url.Values) string {
	switch {
	case form.Get("into_name") != "":
		return "move"
	case form.Get("department")+form.Get("owner") != "":
		return "assign"
	case form.Get("name") != "":
		return "split"
	}
	return ""
}

// number gives decisions their ids: made from the form's own, so that sending it twice decides once. A part that is split
// off gets its name by a second decision.
func (s *Server) number(w *wish, key, name string) {
	key = cmp.Or(key, s.deps.NewID())
	for i := range w.drafts {
		w.drafts[i].id = key
		if len(w.drafts) > 1 {
			w.drafts[i].id += "-" + strconv.Itoa(i+1)
		}
	}
	if len(w.drafts) != 1 || name == "" {
		return
	}
	if split, ok := w.drafts[0].data.(*ingest.IssueSplit); ok {
		part := issue.PartID(split.Issue, key, 0)
		w.drafts = append(w.drafts, draft{key + "-name", ingest.KindIssueRenamed, &ingest.IssueRenamed{Issue: part, Name: name}})
	}
}

// maxFound bounds the issues that a search offers.
const maxFound = 30

// chosenInto is the issue that a form names, by id or by a name that only one issue has; else what may be chosen: the issues
// of the form, or those that the words are found in.
func (s *Server) chosenInto(ctx context.Context, form url.Values, among []string) (string, *chooser, error) {
	if into := form.Get("into"); into != "" {
		return into, nil, nil
	}
	names, err := s.deps.Reader.IssueNames(ctx)
	if err != nil {
		return "", nil, fmt.Errorf("read issues: %w", err)
	}
	if words := strings.Fields(strings.ToLower(form.Get("into_name"))); len(words) > 0 {
		found := search(names, words, append(slices.Clone(among), form.Get("was")))
		if len(found) == 1 || len(found) > 0 && strings.EqualFold(found[0].Name, strings.TrimSpace(form.Get("into_name"))) &&
			(len(found) == 1 || found[1].Name != found[0].Name) {
			return found[0].ID, nil, nil
		}
		if len(found) == 0 {
			return "", &chooser{words: "没有名称含有这些字的问题，请换一个说法。"}, nil
		}
		return "", &chooser{"有几个问题的名称符合，选哪一个？", found[:min(len(found), maxFound)]}, nil
	}
	if len(among) < 2 {
		return "", nil, badBody("issue", "请至少勾选两个问题，或写出要并入的问题")
	}
	out := &chooser{words: "合并后保留哪一个问题？其余问题的地址会指向它。"}
	for i, id := range among {
		out.issues = append(out.issues, issueChoice{ID: id, Name: cmp.Or(names[id].Name, id), URL: "/issues/" + pathEscape(id), Chosen: i == 0})
	}
	return "", out, nil
}

// search finds issues that stand by words of their names, all of them or the id; equal names first, then shorter ones.
func search(names map[string]issue.Named, words, but []string) []issueChoice {
	whole := strings.Join(words, " ")
	var out []issueChoice
	for id, n := range names {
		name := strings.ToLower(n.Name)
		if n.Leads != id || slices.Contains(but, id) || slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, w) && w != id }) {
			continue
		}
		out = append(out, issueChoice{ID: id, Name: n.Name, URL: "/issues/" + pathEscape(id)})
	}
	slices.SortFunc(out, func(a, b issueChoice) int {
		equal := func(c issueChoice) int {
			if strings.EqualFold(c.Name, whole) {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(equal(a), equal(b)), cmp.Compare(len(a.Name), len(b.Name)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}
