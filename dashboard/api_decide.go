package dashboard

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/dashboard/openapi"
	"wenguo/ingest"
	"wenguo/transform/issue"
	"wenguo/transform/kpi"
)

// decisionRequest is the body of POST /api/v1/decisions: one decision, without the instant, which is the server's.
type decisionRequest struct {
	EventID string          `json:"event_id,omitempty"`
	Kind    string          `json:"kind"`
	Actor   decider         `json:"actor"`
	Data    json.RawMessage `json:"data"`
	// Dependents says that a decision may be undone that later ones build on.
	Dependents bool `json:"despite_dependents,omitempty"`
}

// decider is who decides. Without a role it is a person of a department, or of the service.
type decider struct {
	ID         string `json:"id"`
	Department string `json:"department,omitempty"`
	Role       string `json:"role,omitempty"`
}

func (d decider) actor() ingest.Actor {
	a := newAuthor(d.ID, d.Department)
	if d.Role != "" {
		a.Role = ingest.Role(d.Role)
	}
	return a
}

// decisionAnswer says what was decided, and whether it shows already.
type decisionAnswer struct {
	EventID    string    `json:"event_id"`
	Kind       string    `json:"kind"`
	OccurredAt time.Time `json:"occurred_at"`
	// InEffect is false when the store had not read the decision back in time: it is kept and shows later.
	InEffect bool `json:"in_effect"`
}

// decidable are the kinds that may be decided over HTTP.
var decidable = []ingest.Kind{ //nolint:gochecknoglobals // a constant list
	ingest.KindIssueMerged, ingest.KindIssueSplit, ingest.KindIssueRenamed, ingest.KindIssueMuted, ingest.KindIssueOwned,
	ingest.KindIssueNoted, ingest.KindIssueAnswered, ingest.KindComplaintPlaced, ingest.KindActionOpened, ingest.KindActionUpdated,
	ingest.KindActionDone, ingest.KindActionVerified, ingest.KindActionClosed, ingest.KindActionReopened, ingest.KindDecisionUndone,
}

// apiDecide takes one decision.
func (s *Server) apiDecide(c *gin.Context) {
	request, err := readDecision(c)
	if err != nil {
		s.fail(c, err)
		return
	}
	actor := request.Actor.actor()
	if p, known := account.From(c.Request.Context()); known { // nobody decides in the name of somebody else
		actor = personAuthor(p)
	}
	made, inEffect, err := s.decide(c.Request.Context(), wish{
		actor: actor, drafts: []draft{{request.EventID, ingest.Kind(request.Kind), request.Data}}, knowing: request.Dependents,
	})
	if err != nil {
		s.fail(c, asRefusal(err))
		return
	}
	c.Header("Location", "/api/v1/decisions?id="+made[0].ID)
	writeJSON(c, http.StatusCreated, decisionAnswer{made[0].ID, request.Kind, made[0].At, inEffect})
}

// readDecision reads the body; the Idempotency-Key is the decision's id.
func readDecision(c *gin.Context) (decisionRequest, error) {
	var request decisionRequest
	if c.ContentType() != gin.MIMEJSON {
		return request, refusal{status: http.StatusUnsupportedMediaType, title: "不支持的内容类型", detail: "Content-Type 请用 application/json。"}
	}
	raw, err := io.ReadAll(c.Request.Body)
	if err != nil {
		if much := tooLarge(err); much != nil {
			return request, much
		}
		return request, badBody("body", "没有读完请求体")
	}
	decoder := json.NewDecoder(strings.NewReader(string(raw)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&request); err != nil {
		return request, badBody("body", "不是一个决定：需要一个 JSON 对象，含 event_id、kind、actor、data（occurred_at 由服务端填写）")
	}
	if decoder.More() {
		return request, badBody("body", "一次一个决定")
	}
	key := c.GetHeader("Idempotency-Key")
	if unquoted, err := strconv.Unquote(key); err == nil {
		key = unquoted
	}
	switch {
	case request.EventID == "":
		request.EventID = key
	case key != "" && key != request.EventID:
		return request, badBody("event_id", "与 Idempotency-Key 不同")
	}
	switch {
	case request.EventID == "":
		return request, badBody("event_id", "缺少编号：放在 event_id 或 Idempotency-Key 里，重发时不变")
	case !slices.Contains(decidable, ingest.Kind(request.Kind)):
		return request, badBody("kind", "这个地址不接受这种决定："+request.Kind)
	case strings.TrimSpace(request.Actor.ID) == "" && !signedIn(c):
		return request, badBody("actor.id", "缺少做出决定的人")
	}
	return request, nil
}

// signedIn says whether the asker has an account: it is then the author, whatever the body says.
func signedIn(c *gin.Context) bool {
	_, known := account.From(c.Request.Context())
	return known
}

func badBody(field, detail string) error {
	return refusal{status: http.StatusBadRequest, title: "决定不合规", field: field, detail: detail}
}

// asRefusal tells a program what stands in the way.
func asRefusal(err error) error {
	if k, ok := errors.AsType[clash](err); ok {
		r := refusal{
			status: http.StatusConflict, title: "别人已先改过", field: "data.seen", revision: &k.Head,
			detail: "在你看到的状态之后，别人对同一处做了决定（decisions）。", remedy: "看过这些决定之后，用 revision 作为 data.seen 再次提交。",
		}
		for _, e := range k.Theirs {
			r.theirs = append(r.theirs, e.ID)
		}
		return r
	}
	if b, ok := errors.AsType[built](err); ok {
		r := refusal{
			status: http.StatusConflict, title: "之后的决定建立在它上面", field: "data.event_id",
			detail: "这个决定之后还有建立在它上面的决定（decisions），撤销后那些决定仍然有效。", remedy: "仍要撤销时带上 despite_dependents: true。",
		}
		for _, e := range b.On {
			r.theirs = append(r.theirs, e.ID)
		}
		return r
	}
	return err
}

// decisionItem is one line of the log.
type decisionItem struct {
	EventID    string       `json:"event_id"`
	Kind       string       `json:"kind"`
	OccurredAt time.Time    `json:"occurred_at"`
	Actor      issue.Author `json:"actor"`
	// Issues and Complaints are what it is about; Into is the issue that the others became, or that the complaint is in.
	Issues     []string `json:"issues,omitempty"`
	Complaints []string `json:"complaints,omitempty"`
	Into       string   `json:"into,omitempty"`
	// Actions are the improvement actions that it is about; Says are the fields of a step of one, as text.
	Actions []string          `json:"actions,omitempty"`
	Says    map[string]string `json:"says,omitempty"`
	// Before and After are what was said of the issue around it.
	Before issue.Marks `json:"before,omitzero"`
	After  issue.Marks `json:"after,omitzero"`
	Undoes string      `json:"undoes,omitempty"`
	// UndoneBy is the undoing that takes it back, Over a decision about the same that its author did not know of.
	UndoneBy string `json:"undone_by,omitempty"`
	Over     string `json:"over,omitempty"`
}

// logAnswer is a part of the log. Revision is the newest decision of all: what who reads this has seen.
type logAnswer struct {
	Items    []decisionItem `json:"items"`
	Total    int64          `json:"total"`
	Revision string         `json:"revision"`
	Next     string         `json:"next,omitempty"`
}

// maxLog bounds one answer of the log.
const maxLog = 200

// apiDecisions is the log, newest first.
func (s *Server) apiDecisions(c *gin.Context) {
	answer(s, c, []string{"id", "kind", "after"}, func(ctx context.Context, v view) (logAnswer, error) {
		k, err := s.curation(ctx)
		if err != nil {
			return logAnswer{}, err
		}
		found, err := logOf(k, v)
		if err != nil {
			return logAnswer{}, err
		}
		total := int64(len(found))
		if after := v.Own.Get("after"); after != "" {
			i := slices.IndexFunc(found, func(e issue.Entry) bool { return e.ID == after })
			if i < 0 {
				return logAnswer{}, badField("after", "无法识别，请从上一页的 next 取得")
			}
			found = found[i+1:]
		}
		out := logAnswer{Items: []decisionItem{}, Total: total, Revision: k.Head()}
		for _, e := range found[:min(len(found), maxLog)] {
			out.Items = append(out.Items, newDecisionItem(e))
		}
		if len(found) > maxLog {
			out.Next = found[maxLog-1].ID
		}
		return out, nil
	})
}

// logOf are the decisions about issues that an address asks for, newest first.
func logOf(k issue.Curation, v view) ([]issue.Entry, error) {
	kind := ingest.Kind(v.Own.Get("kind"))
	if kind != "" && !slices.Contains(decidable, kind) {
		return nil, badField("kind", "没有这种决定："+string(kind))
	}
	var found []issue.Entry
	for _, e := range slices.Backward(k.Log) {
		switch {
		case len(e.Keys) == 0, kind != "" && kindOf(e.Decision) != kind, v.Own.Get("id") != "" && e.ID != v.Own.Get("id"):
		case len(v.Slice[kpi.Issue]) > 0 && !slices.ContainsFunc(v.Slice[kpi.Issue], func(id string) bool { return concerns(e, id) }):
		default:
			found = append(found, e)
		}
	}
	return found, nil
}

// concerns says whether a decision is about an issue, or about what comes into it or leaves it.
func concerns(e issue.Entry, id string) bool {
	if e.Place != nil && (e.Place.Issue == id || e.Place.Was == id) {
		return true
	}
	if e.Split != nil {
		for k := range e.Split.Groups {
			if issue.PartID(e.Subject, e.ID, k) == id {
				return true
			}
		}
	}
	if e.Act != nil {
		return e.Act.Issue == id
	}
	return slices.ContainsFunc(e.Keys, func(k issue.Key) bool {
		return k.ID == id && k.Facet != issue.FacetPlace && k.Facet != issue.FacetAction
	})
}

// kindOf is the kind that a decision was sent as.
func kindOf(d issue.Decision) ingest.Kind {
	switch {
	case d.Merge != nil:
		return ingest.KindIssueMerged
	case d.Split != nil:
		return ingest.KindIssueSplit
	case d.Place != nil:
		return ingest.KindComplaintPlaced
	case d.Rename != nil:
		return ingest.KindIssueRenamed
	case d.Mute != nil:
		return ingest.KindIssueMuted
	case d.Own != nil:
		return ingest.KindIssueOwned
	case d.Note != nil:
		return ingest.KindIssueNoted
	case d.Reply != nil:
		return ingest.KindIssueAnswered
	case d.Act != nil:
		return ingest.Kind(d.Act.Kind)
	}
	return ingest.KindDecisionUndone
}

func newDecisionItem(e issue.Entry) decisionItem {
	item := decisionItem{
		EventID: e.ID, Kind: string(kindOf(e.Decision)), OccurredAt: e.At, Actor: e.By, Before: e.Before, After: e.After, Undoes: e.Undo,
		UndoneBy: e.UndoneBy, Over: e.Over,
	}
	for _, k := range e.Keys {
		if k.Facet == issue.FacetPlace {
			item.Complaints = append(item.Complaints, k.ID)
		} else if k.Facet == issue.FacetAction {
			item.Actions = append(item.Actions, k.ID)
		} else if !slices.Contains(item.Issues, k.ID) {
			item.Issues = append(item.Issues, k.ID)
		}
	}
	switch {
	case e.Merge != nil:
		item.Into = e.Merge.Into
	case e.Act != nil:
		item.Says = e.Act.Says
		if e.Act.Issue != "" {
			item.Issues = append(item.Issues, e.Act.Issue)
		}
	case e.Split != nil:
		item.Complaints = slices.Concat(e.Split.Groups...)
	case e.Place != nil:
		item.Into = e.Place.Issue
	}
	return item
}

// decisionOperations are the entries of the log and of deciding.
func decisionOperations() []operation {
	kinds := texts(decidable)
	return []operation{
		read("复发问题", "decisions", "/decisions", "决定记录，新的在前", logAnswer{}, about(
			openapi.Parameter{Name: "id", Description: "一个决定的编号"},
			openapi.Parameter{Name: "kind", Values: kinds, Description: "决定的种类"}, afterParameter("after"))...).
			described("revision 是最新的决定，提交决定时作为 data.seen。"),
		{Operation: openapi.Operation{
			Method: http.MethodPost, Path: apiRoot + "/decisions", ID: "decide", Tag: "复发问题", Summary: "做一个决定：合并、拆分、改名、屏蔽、负责人、备注、答复口径、归属、整改、撤销",
			Description: "Kafka 确认后回答 201。编号放在 event_id 或 Idempotency-Key 里，重发不会重复执行。data 的格式见 docs/decision.schema.json，说明见 docs/decisions.md。",
			Body:        decisionRequest{}, Status: http.StatusCreated, Answer: decisionAnswer{},
			Errors: []int{http.StatusForbidden, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType},
		}},
	}
}
