package dashboard

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/transform"
	"wenguo/transform/issue"
)

// curating is what the forms of a page need to decide something about issues.
type curating struct {
	// Can is false where nothing can be decided: without a bus, in a view of the past, and by who may not.
	Can bool
	// Key makes the ids of what this page decides, Seen is the newest decision that it shows, Back its address.
	Key, Seen, Back string
	// Author and Department are who the reader said to be; empty before the first decision.
	Author, Department string
	// Done is what was just decided, and Undo what takes it back; Late says that it does not show yet.
	Done []logRow
	Undo []string
	Late bool
	// Options are names of issues to choose from.
	Options []string
}

// maxOptions bounds the names offered while typing.
const maxOptions = 300

// curating is made for each page; an address with done shows what was decided.
func (s *Server) curating(c *gin.Context, v view, k issue.Curation, names map[string]issue.Named) curating {
	out := curating{Can: s.deps.Bus != nil && !v.Fixed && s.may(c, account.Decide), Seen: k.Head(), Late: v.Own.Get("late") != ""}
	plain := v
	plain.Own = cloneWithout(v.Own, "done", "late")
	out.Back = plain.URL()
	if s.deps.NewID != nil {
		out.Key = "d-" + s.deps.NewID()
	}
	if kept, ok := keptAuthor(c); ok {
		out.Author, out.Department = kept.ID, kept.Department
	}
	var done []issue.Entry
	for _, id := range v.Own["done"] {
		e, known := k.Entry(id)
		if !known {
			out.Late = true
			continue
		}
		done = append(done, e)
		if e.UndoneBy == "" {
			out.Undo = append(out.Undo, id)
		}
	}
	out.Done = s.logRows(done, names)
	return out
}

// curatingPage is what the forms of a page need, with the names of all issues; without the decisions nothing can be decided
// there.
func (s *Server) curatingPage(c *gin.Context, v view, but string) curating {
	k, err := s.curation(c.Request.Context())
	if err == nil {
		var names map[string]issue.Named
		if names, err = s.deps.Reader.IssueNames(c.Request.Context()); err == nil {
			out := s.curating(c, v, k, names)
			out.Options = options(names, but)
			return out
		}
	}
	s.partFailed("decisions", err)
	return curating{}
}

func cloneWithout(q map[string][]string, keys ...string) map[string][]string {
	out := map[string][]string{}
	for key, values := range q {
		if !slices.Contains(keys, key) {
			out[key] = values
		}
	}
	return out
}

// options are the names of issues that stand, but those left out.
func options(names map[string]issue.Named, but string) []string {
	var out []string
	for id, n := range names {
		if n.Leads == id && id != but && n.Name != "" {
			out = append(out, n.Name)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(len(out), maxOptions)]
}

// issueCuration is the part of an issue's page where people decide.
type issueCuration struct {
	curating

	ID     string
	Marks  issue.Marks
	Found  string
	Mutes  []string
	Log    []logRow
	LogURL string
	Total  string
}

// ownLog is how many decisions an issue's page shows.
const ownLog = 8

// issueCuration reads what people decided about an issue.
func (s *Server) issueCuration(c *gin.Context, v view, d issue.Detail) (issueCuration, error) {
	ctx := c.Request.Context()
	k, err := s.curation(ctx)
	if err != nil {
		return issueCuration{}, err
	}
	names, err := s.deps.Reader.IssueNames(ctx)
	if err != nil {
		return issueCuration{}, err
	}
	out := issueCuration{curating: s.curating(c, v, k, names), ID: d.ID, Marks: d.Marks, Found: d.FoundName, Mutes: k.Mutes(d.ID)}
	out.Options = options(names, d.ID)
	var log []issue.Entry
	for _, e := range slices.Backward(k.Log) {
		if slices.ContainsFunc(append(slices.Clone(d.MergedFrom), d.ID), func(id string) bool { return concerns(e, id) }) {
			log = append(log, e)
		}
	}
	out.Log, out.LogURL = s.logRows(log[:min(len(log), ownLog)], names), "/decisions?issue="+url.QueryEscape(d.ID)
	if len(log) > ownLog {
		out.Total = grouped(int64(len(log)))
	}
	return out, nil
}

// memberRow is a complaint of an issue.
type memberRow struct {
	ID, URL, Day, Title, Text string
	Words                     []string
}

// memberList are an issue's complaints on its page.
type memberList struct {
	Rows    []memberRow
	NextURL string
	// Further says that this is not the first page, which FirstURL is.
	Further  bool
	FirstURL string
}

// pageMembers is how many complaints an issue's page shows at once; excerptRunes of the text of each.
const (
	pageMembers  = 25
	excerptRunes = 110
)

// members are an issue's complaints, those behind the cursor in the address.
func (s *Server) members(ctx context.Context, v view, id string) (memberList, error) {
	var after transform.Cursor
	if text := v.Own.Get("members"); text != "" {
		var ok bool
		if after, ok = decodeCursor(text); !ok {
			return memberList{}, badField("members", "无法识别，请从第一页开始")
		}
	}
	found, more, err := s.deps.Reader.IssueMembers(ctx, id, v.query(), after, pageMembers)
	out := memberList{Further: !after.IsZero(), FirstURL: v.Set("members", "") + "#members"}
	for _, m := range found {
		row := memberRow{ID: m.ComplaintID, URL: v.To("/complaints/" + pathEscape(m.ComplaintID)), Day: day(m.RegisteredAt, v.AsOf), Title: m.Title, Text: excerpt(m.Text)}
		for _, w := range m.Words[:min(len(m.Words), 5)] {
			row.Words = append(row.Words, w.Word)
		}
		out.Rows = append(out.Rows, row)
	}
	if more {
		last := found[len(found)-1]
		out.NextURL = v.Set("members", encodeCursor(transform.Cursor{RegisteredAt: last.RegisteredAt, ComplaintID: last.ComplaintID})) + "#members"
	}
	return out, err
}

func excerpt(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > excerptRunes {
		return string(runes[:excerptRunes]) + "…"
	}
	return string(runes)
}
