package dashboard

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"wenguo/ingest"
	"wenguo/transform/improve"
	"wenguo/transform/issue"
)

// actionID names an action after the form that opened it, so that sending the form twice opens one.
func actionID(key string) string {
	sum := sha256.Sum256([]byte("action " + key))
	return "a-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:8]
}

// actionWish reads what a form of an action asks for; false when it is no such form.
func (s *Server) actionWish(ctx context.Context, form url.Values, seen *string) (draft, bool, error) {
	id := form.Get("action")
	switch form.Get("do") {
	case "action-open":
		data, err := s.openingOf(form)
		data.Seen = seen
		return draft{kind: ingest.KindActionOpened, data: data}, true, err
	case "action-update":
		fields, err := s.changesOf(ctx, form, seen)
		return draft{kind: ingest.KindActionUpdated, data: &ingest.ActionUpdated{Action: id, Fields: fields, Seen: seen}}, true, err
	case "action-done":
		at, err := s.doneAt(form.Get("at"))
		return draft{kind: ingest.KindActionDone, data: &ingest.ActionDone{Action: id, At: at, Evidence: written(form, "evidence"), Seen: seen}}, true, err
	case "action-verify":
		return draft{kind: ingest.KindActionVerified, data: &ingest.ActionVerified{
			Action: id, Verdict: form.Get("verdict"), Reason: written(form, "reason"), Seen: seen,
		}}, true, nil
	case "action-close":
		return draft{kind: ingest.KindActionClosed, data: &ingest.ActionEnded{Action: id, Reason: written(form, "reason"), Seen: seen}}, true, nil
	case "action-reopen":
		return draft{kind: ingest.KindActionReopened, data: &ingest.ActionEnded{Action: id, Reason: written(form, "reason"), Seen: seen}}, true, nil
	case "answer":
		return draft{kind: ingest.KindIssueAnswered, data: &ingest.IssueAnswered{
			Issue: form.Get("issue"), Cause: written(form, "cause"), Workaround: written(form, "workaround"), Answer: written(form, "answer"), Seen: seen,
		}}, true, nil
	}
	return draft{}, false, nil
}

// written is a field without the blanks around it, with one kind of line end.
func written(form url.Values, name string) string {
	return strings.TrimSpace(strings.ReplaceAll(form.Get(name), "\r\n", "\n"))
}

// whys joins the lines of the root cause.
func whys(form url.Values) string {
	var lines []string
	for _, why := range form["why"] {
		if why = strings.Join(strings.Fields(why), " "); why != "" {
			lines = append(lines, why)
		}
	}
	return strings.Join(lines, "\n")
}

func (s *Server) openingOf(form url.Values) (*ingest.ActionOpened, error) {
	due, err := s.dueDay(form.Get("due"))
	return &ingest.ActionOpened{
		Action: actionID(form.Get("key")), Title: written(form, "title"), Issue: form.Get("issue"), CauseGroup: form.Get("cause_group"),
		RootCause: whys(form), Containment: written(form, "containment"), Measure: written(form, "measure"), Prevention: written(form, "prevention"),
		ExpectedEffect: written(form, "expected_effect"), Department: written(form, "department"), Owner: written(form, "owner"), DueAt: due,
	}, err
}

// changesOf are the fields that a person changed in the form: those that differ from what the page showed, which is the
// action as of the newest decision that the person knew of.
func (s *Server) changesOf(ctx context.Context, form url.Values, seen *string) (ingest.ActionFields, error) {
	var out ingest.ActionFields
	asOf := s.everything()
	if seen != nil && *seen != "" {
		k, err := s.curation(ctx)
		if err != nil {
			return out, err
		}
		if at := k.When(*seen); !at.IsZero() {
			asOf = at
		}
	}
	shown, found, err := s.oneAction(ctx, form.Get("action"), asOf)
	if err != nil || !found {
		return out, err
	}
	var emptied string
	change := func(to *string, name, words, was, is string) {
		switch {
		case !form.Has(name) || is == was:
		case is == "":
			emptied = words
		default:
			*to = is
		}
	}
	change(&out.Title, "title", "标题", shown.Title, written(form, "title"))
	change(&out.CauseGroup, "cause_group", "原因分类", shown.CauseGroup, form.Get("cause_group"))
	change(&out.RootCause, "why", "根本原因", shown.RootCause, whys(form))
	change(&out.Containment, "containment", "临时措施", shown.Containment, written(form, "containment"))
	change(&out.Measures, "measure", "纠正措施", shown.Measure, written(form, "measure"))
	change(&out.Prevention, "prevention", "预防措施", shown.Prevention, written(form, "prevention"))
	change(&out.ExpectedEffect, "expected_effect", "预期效果", shown.ExpectedEffect, written(form, "expected_effect"))
	change(&out.Evidence, "evidence", "佐证", shown.Evidence, written(form, "evidence"))
	change(&out.Department, "department", "责任部门", shown.Department, written(form, "department"))
	change(&out.Owner, "owner", "责任人", shown.Owner, written(form, "owner"))
	var due string
	if !shown.DueAt.IsZero() {
		due = shown.DueAt.In(s.cfg.Zone).Format(time.DateOnly)
	}
	var changed string
	change(&changed, "due", "期限", due, form.Get("due"))
	if changed != "" {
		if out.DueAt, err = s.dueDay(changed); err != nil {
			return out, err
		}
	}
	if emptied != "" {
		return out, badBody("data.fields", "“"+emptied+"”不能改成空白；要收回它，请撤销写下它的那一步")
	}
	if out == (ingest.ActionFields{}) {
		return out, settled("没有改动任何内容")
	}
	return out, nil
}

// everything is an instant behind all decisions: none lies further ahead than the contract lets it.
func (s *Server) everything() time.Time { return s.deps.Now().Add(2 * ingest.MaxAhead) }

// oneAction finds an action as of an instant.
func (s *Server) oneAction(ctx context.Context, id string, asOf time.Time) (improve.Action, bool, error) {
	all, err := s.deps.Reader.Actions(ctx, asOf)
	if err != nil {
		return improve.Action{}, false, fmt.Errorf("read actions: %w", err)
	}
	i := slices.IndexFunc(all, func(a improve.Action) bool { return a.ID == id })
	if i < 0 {
		return improve.Action{}, false, nil
	}
	return all[i], true, nil
}

// dueDay is the last millisecond of a day: what is done on the due day is on time.
func (s *Server) dueDay(day string) (*time.Time, error) {
	if day == "" {
		return nil, nil //nolint:nilnil // no day is no mistake
	}
	t, err := time.ParseInLocation(time.DateOnly, day, s.cfg.Zone)
	if err != nil {
		return nil, badBody("data.due_at", "期限要写成 2026-12-31 这样")
	}
	return new(t.AddDate(0, 0, 1).Add(-time.Millisecond).UTC()), nil
}

// doneAt is when the work was done: nil for today, which the decision's own instant tells, else the end of that day.
func (s *Server) doneAt(day string) (*time.Time, error) {
	now := s.deps.Now().In(s.cfg.Zone)
	if day == "" || day == now.Format(time.DateOnly) {
		return nil, nil //nolint:nilnil // today is no mistake
	}
	t, err := time.ParseInLocation(time.DateOnly, day, s.cfg.Zone)
	switch {
	case err != nil:
		return nil, badBody("data.at", "完成日期要写成 2026-12-31 这样")
	case t.After(now):
		return nil, badBody("data.at", "完成日期不能晚于今天")
	}
	return new(t.AddDate(0, 0, 1).Add(-time.Millisecond).UTC()), nil
}

// act looks at a step of an action before it is made.
func (k *checker) act(d issue.Decision) error {
	if err := k.words(d.Act); err != nil {
		return err
	}
	a, found, fresh, err := k.action(d.Act.Action)
	if err != nil {
		return err
	}
	kind := ingest.Kind(d.Act.Kind)
	if kind == ingest.KindActionOpened {
		switch {
		case found || fresh:
			return settled("这个编号的整改已经发起")
		case d.Act.Issue == "" && d.Act.Says["title"] == "":
			return badBody("data.title", "请写明整改什么，或选一个复发问题")
		case d.Act.Issue != "":
			return k.present(d.Act.Issue)
		}
		return nil
	}
	if !found && !fresh {
		return badBody("data.action", "没有这个整改："+d.Act.Action)
	}
	if fresh { // where it stands is known only when the store has read what was decided
		return nil
	}
	return standing(a, kind, d.Act.Says)
}

// standing refuses a step that makes no sense where the action stands.
func standing(a improve.Action, kind ingest.Kind, says map[string]string) error {
	switch {
	case kind == ingest.KindActionUpdated && len(says) == 0:
		return badBody("data.fields", "没有写任何内容")
	case kind == ingest.KindActionDone && a.State == improve.Closed:
		return settled("这项整改已经关闭，请先重启")
	case kind == ingest.KindActionDone && a.State == improve.Verifying:
		return settled("这项整改已经标记完成")
	case kind == ingest.KindActionVerified && a.Working():
		return settled("这项整改还没有完成，不能验证")
	case kind == ingest.KindActionClosed && a.State == improve.Closed:
		return settled("这项整改已经关闭")
	case kind == ingest.KindActionClosed && a.Verdict == "" && says["reason"] == "":
		return badBody("data.reason", "还没有验证；不经验证就关闭，请写明理由")
	case kind == ingest.KindActionReopened && a.Working():
		return settled("这项整改没有完成也没有关闭，不需要重启")
	case kind == ingest.KindActionReopened && says["reason"] == "":
		return badBody("data.reason", "请写明为什么重启")
	}
	return nil
}

// action is an action with all that was decided; fresh says that the store does not know all of that.
func (k *checker) action(id string) (a improve.Action, found, fresh bool, err error) {
	all, err := k.actions()
	if err != nil {
		return a, false, false, fmt.Errorf("read actions: %w", err)
	}
	if i := slices.IndexFunc(all, func(a improve.Action) bool { return a.ID == id }); i >= 0 {
		a, found = all[i], true
	}
	fresh = slices.ContainsFunc(k.c.Log, func(e issue.Entry) bool {
		known := slices.ContainsFunc(a.Steps, func(step improve.Step) bool { return step.ID == e.ID })
		return e.Act != nil && e.Act.Action == id && e.UndoneBy == "" && !known
	})
	return a, found, fresh, nil
}

// words bound what people write, and hold what is chosen to the lists that the pages offer.
func (k *checker) words(act *issue.Act) error {
	for _, field := range stepFields {
		value, most := act.Says[field.key], maxNoteRunes
		switch field.key {
		case "title", "department", "owner", "by":
			most = maxNameRunes
		case "cause_group":
			if value != "" && !slices.Contains(ingest.CauseGroups, value) {
				return badBody("data.cause_group", "没有这个原因分类，可用 "+strings.Join(ingest.CauseGroups, "、"))
			}
		case "verdict":
			if value != "" && !slices.Contains(ingest.Verdicts, value) {
				return badBody("data.verdict", "没有这个结论，可用 "+strings.Join(ingest.Verdicts, "、"))
			}
		}
		if err := short("data."+field.key, field.name, value, most); err != nil {
			return err
		}
	}
	return nil
}

// openedAction is where a reader goes who has just opened an action.
func openedAction(made []issue.Decision) (string, bool) {
	for _, d := range made {
		if d.Act != nil && d.Act.Kind == string(ingest.KindActionOpened) {
			return improvementPath + "/" + d.Act.Action, true
		}
	}
	return "", false
}

// reply looks at what is said of an issue to customers.
func (k *checker) reply(r *issue.Reply) error {
	return firstError(k.present(r.Issue), short("data.cause", "原因", r.Cause, maxNoteRunes), short("data.workaround", "绕行办法", r.Workaround, maxNoteRunes),
		short("data.answer", "答复口径", r.Answer, maxNoteRunes))
}
