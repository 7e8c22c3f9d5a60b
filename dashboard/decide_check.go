package dashboard

import (
	"net/http"
	"slices"
	"unicode/utf8"

	"wenguo/transform/improve"
	"wenguo/transform/issue"
)

// checker looks at decisions before they are made.
type checker struct {
	c       issue.Curation
	names   map[string]issue.Named
	knowing bool
	// actions are all improvement actions that the store has.
	actions func() ([]improve.Action, error)
	// theirs is what others decided about the same since the person looked.
	theirs []issue.Entry
}

// look refuses what makes no sense as things are, and notes what came in between.
func (k *checker) look(d issue.Decision) error {
	keys := k.c.KeysOf(d)
	if d.Seen != nil {
		since, known := k.c.Since(*d.Seen, keys)
		if !known {
			return badField("data.seen", "没有这个决定；请从 GET 的 revision 取得")
		}
		for _, e := range since {
			if !slices.ContainsFunc(k.theirs, func(o issue.Entry) bool { return o.ID == e.ID }) {
				k.theirs = append(k.theirs, e)
			}
		}
	}
	if len(k.theirs) > 0 {
		return nil
	}
	switch {
	case d.Merge != nil:
		return k.merge(*d.Merge)
	case d.Split != nil:
		return k.split(*d.Split)
	case d.Place != nil:
		return k.place(*d.Place)
	case d.Rename != nil:
		return firstError(k.present(d.Rename.Issue), short("data.name", "名称", d.Rename.Name, maxNameRunes))
	case d.Mute != nil:
		if len(k.c.Mutes(d.Mute.Issue)) > 0 {
			return settled("这个问题已经屏蔽")
		}
		return k.present(d.Mute.Issue)
	case d.Own != nil:
		return firstError(k.present(d.Own.Issue), short("data.department", "部门", d.Own.Department, maxNameRunes), short("data.owner", "负责人", d.Own.Owner, maxNameRunes))
	case d.Note != nil:
		return firstError(k.present(d.Note.Issue), short("data.note", "备注", d.Note.Note, maxNoteRunes))
	case d.Reply != nil:
		return k.reply(d.Reply)
	case d.Act != nil:
		return k.act(d)
	case d.Undo != "":
		return k.undo(d)
	}
	return nil
}

// present demands an issue that goes on, or is archived. One that another took over is decided about there.
func (k *checker) present(id string) error {
	named, known := k.names[id]
	switch {
	case !known:
		return badField("data.issue", "没有这个问题："+id)
	case named.Leads != "" && named.Leads != id:
		return settled("这个问题已并入另一个问题（" + k.names[named.Leads].Name + "），请在那里操作")
	}
	return nil
}

func (k *checker) merge(m issue.Merge) error {
	for _, id := range append(slices.Clone(m.From), m.Into) {
		if k.names[id].Leads == "" {
			return badField("data.from", "没有这个问题，或者它已不再复发："+id)
		}
	}
	into := k.names[m.Into].Leads
	for _, from := range m.From {
		if k.names[from].Leads == into {
			return settled("要合并的已经是同一个问题")
		}
	}
	return nil
}

func (k *checker) split(p issue.Split) error {
	if len(p.Groups) == 0 || slices.ContainsFunc(p.Groups, func(g []string) bool { return len(g) == 0 }) {
		return badField("data.groups", "请选择要拆出的投诉")
	}
	return k.present(p.Issue)
}

func (k *checker) place(p issue.Place) error {
	if p.Issue == "" {
		return nil
	}
	if p.Issue == p.Was {
		return settled("这件投诉已经在这个问题里")
	}
	return k.present(p.Issue)
}

// undo demands a decision that the log shows and that holds, and says what builds on it.
func (k *checker) undo(d issue.Decision) error {
	target, known := k.c.Entry(d.Undo)
	if !known || len(target.Keys) == 0 {
		return badField("data.event_id", "没有这个关于问题的决定："+d.Undo)
	}
	if target.UndoneBy != "" {
		return settled("这个决定已经撤销")
	}
	if target.Undo != "" || k.knowing {
		return nil
	}
	if on := k.c.Dependents(d.Undo); len(on) > 0 {
		return built{target, on}
	}
	return nil
}

// clash describes what would be decided as the log would show it.
func (k *checker) clash(made []issue.Decision) error {
	with := k.c.With(made)
	var mine []issue.Entry
	for _, d := range made {
		e, _ := with.Entry(d.ID)
		mine = append(mine, e)
	}
	return clash{Mine: mine, Theirs: k.theirs, Head: k.c.Head()}
}

// settled is the refusal of what is so already, or is so no longer.
func settled(detail string) error {
	return refusal{status: http.StatusConflict, title: "没有执行", detail: detail + "。", remedy: "刷新页面看最新的状态。"}
}

func short(field, name, text string, most int) error {
	if utf8.RuneCountInString(text) > most {
		return badField(field, name+"太长")
	}
	return nil
}

// firstError is the first error there is.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
