package dashboard

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/openapi"
	"wenguo/transform"
	"wenguo/transform/issue"
	find "wenguo/transform/search"
)

// SearchReader is what a search asks beside the list of complaints.
type SearchReader interface {
	// IssuesNamed lists recurring issues whose name or a keyword answers the query, most complaints first, at most so many.
	IssuesNamed(ctx context.Context, text string, most int) ([]issue.Titled, error)
	// KnowsKey says whether a complaint is found by a key of transform.PhoneKey or transform.OrderKey.
	KnowsKey(ctx context.Context, key string) (bool, error)
	// SearchBehind is how many events the search does not know yet, though the facts do.
	SearchBehind(ctx context.Context) (int64, error)
}

// mostNamed is how many issues a search shows before the complaints.
const mostNamed = 5

// Parameters that hold the key of a phone or an order; a number itself is never in an address.
const (
	customerParameter = "customer"
	orderParameter    = "order"
)

// keyLength is that of a key in hexadecimal digits.
const keyLength = 24

// target is what a typed text turned out to be: a parameter of the list and its value.
type target struct{ Parameter, Value string }

// resolve finds out whether a phone's or an order's number was typed. A mobile number, and one written with what only phones
// have, is always a phone; other digits only when a complaint is known by them.
func (s *Server) resolve(ctx context.Context, typed string) (target, error) {
	typed = strings.TrimSpace(typed)
	plain := target{"q", typed}
	if s.deps.CustomerKey == nil || strings.ContainsAny(typed, `"“”`) {
		return plain, nil
	}
	if key, ok := transform.PhoneKey(typed, s.deps.CustomerKey); ok {
		if surePhone(typed) {
			return target{customerParameter, key}, nil
		}
		if known, err := s.deps.Reader.KnowsKey(ctx, key); known || err != nil {
			return target{customerParameter, key}, err
		}
	}
	if key, ok := transform.OrderKey(typed, s.deps.CustomerKey); ok {
		if known, err := s.deps.Reader.KnowsKey(ctx, key); known || err != nil {
			return target{orderParameter, key}, err
		}
	}
	return plain, nil
}

// surePhone says that a number is written as only a phone's is: a mobile number of eleven digits, a leading + or area code.
func surePhone(typed string) bool {
	digits := strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			r -= '０' - '0'
		}
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, typed)
	if strings.HasPrefix(typed, "+") || strings.HasPrefix(typed, "＋") || strings.HasPrefix(digits, "0") && len(digits) >= 10 {
		return true
	}
	digits = strings.TrimPrefix(digits, "86")
	return len(digits) == 11 && digits[0] == '1' && digits[1] >= '3'
}

// search takes what was typed into a box and leads to the list of what it finds. It is posted, so that a number that turns out
// to be personal stands in no address, history or log.
func (s *Server) search(c *gin.Context) {
	if err := c.Request.ParseForm(); err != nil {
		s.fail(c, badField("q", "表单读不懂"))
		return
	}
	q := url.Values{}
	for name, all := range c.Request.PostForm {
		if slices.Contains([]string{"q", customerParameter, orderParameter, "after", "csrf"}, name) {
			continue
		}
		for _, value := range all {
			if len(value) <= maxValueBytes && len(q[name]) < maxFilterValues {
				q.Add(name, value)
			}
		}
	}
	to, err := s.resolve(c.Request.Context(), c.Request.PostForm.Get("q"))
	if err != nil {
		s.fail(c, err)
		return
	}
	if to.Value != "" {
		q.Set(to.Parameter, string([]rune(to.Value)[:min(maxQuery, len([]rune(to.Value)))]))
	}
	c.Redirect(http.StatusSeeOther, address("/complaints", q))
}

// awayFromNumbers leads from an address that holds a phone's number to the one that holds its key; it says whether it did.
func (s *Server) awayFromNumbers(c *gin.Context) bool {
	query := c.Request.URL.Query()
	typed := query.Get("q")
	if s.deps.CustomerKey == nil || !surePhone(typed) {
		return false
	}
	key, ok := transform.PhoneKey(typed, s.deps.CustomerKey)
	if !ok {
		return false
	}
	query.Del("q")
	query.Set(customerParameter, key)
	c.Redirect(http.StatusSeeOther, address("/complaints", query))
	return true
}

// parseSearch reads the parameters of a search.
func parseSearch(f *transform.ComplaintFilter, own url.Values) error {
	f.Text = strings.TrimSpace(own.Get("q"))
	if len([]rune(f.Text)) > maxQuery {
		return badField("q", "搜索词不能超过 "+grouped(maxQuery)+" 个字")
	}
	for _, name := range []string{customerParameter, orderParameter} {
		key := own.Get(name)
		if key == "" {
			continue
		}
		if len(key) != keyLength || strings.Trim(key, "0123456789abcdef") != "" {
			return badField(name, "不是查找电话或订单号得到的标记；号码请在搜索框里输入")
		}
		f.Key = key
	}
	switch own.Get("sort") {
	case "", "newest":
	case "relevance":
		f.ByRelevance = f.Text != ""
	default:
		return badField("sort", "可用 newest、relevance")
	}
	return nil
}

// searched is what the list of complaints says about a search.
type searched struct {
	Text string
	// ByKey says what kind of number was looked for.
	ByKey  string
	Leave  string
	Issues []namedIssue
	// Behind says how far the search is behind; empty when it is not.
	Behind string
	Sorts  []scopeTab
	// NoWords says that the query holds nothing that can be looked for.
	NoWords bool
}

type namedIssue struct{ Name, URL, Count string }

// askSearch asks what goes with a search: issues of that name and how far the search is.
func (s *Server) askSearch(ctx context.Context, v view, f transform.ComplaintFilter) (out *searched, err error) {
	out = &searched{Text: f.Text}
	switch {
	case v.Own.Get(customerParameter) != "":
		out.ByKey, out.Leave = "按电话找到", v.Set(customerParameter, "")
	case v.Own.Get(orderParameter) != "":
		out.ByKey, out.Leave = "按订单号找到", v.Set(orderParameter, "")
	}
	if f.Text == "" {
		return out, nil
	}
	out.NoWords = find.Parse(f.Text, nil).Empty()
	out.Sorts = []scopeTab{
		{"最新在前", v.Set("sort", ""), "按登记时间，新的在前", !f.ByRelevance},
		{"最相关在前", v.Set("sort", "relevance"), "按相关程度；只在最新的 1,000 件里排", f.ByRelevance},
	}
	found, err := s.deps.Reader.IssuesNamed(ctx, f.Text, mostNamed)
	if err != nil {
		return out, err
	}
	for _, n := range found {
		out.Issues = append(out.Issues, namedIssue{n.Name, v.To("/issues/" + pathEscape(n.ID)), grouped(n.Complaints)})
	}
	behind, err := s.deps.Reader.SearchBehind(ctx)
	if behind > 0 {
		out.Behind = grouped(behind)
	}
	return out, err
}

// piece is a stretch of a text, marked or not.
type piece struct {
	Text   string
	Marked bool
}

// pieces cuts a text at its marks.
func pieces(text string, marks []find.Span) []piece {
	runes := []rune(text)
	var out []piece
	from := 0
	for _, m := range marks {
		if m.Start < from || m.End > len(runes) || m.End <= m.Start {
			continue
		}
		if m.Start > from {
			out = append(out, piece{Text: string(runes[from:m.Start])})
		}
		out = append(out, piece{Text: string(runes[m.Start:m.End]), Marked: true})
		from = m.End
	}
	if from < len(runes) {
		out = append(out, piece{Text: string(runes[from:])})
	}
	return out
}

// searchAnswer is a search as JSON: the complaints with what to mark, and the issues of that name.
type searchAnswer struct {
	listOf[transform.ComplaintRow]

	Issues []issue.Titled `json:"issues"`
	// Behind is how many events the search does not know yet.
	Behind int64 `json:"behind"`
}

func (s *Server) apiSearch(c *gin.Context) {
	answer(s, c, complaintsOwn, func(ctx context.Context, v view) (searchAnswer, error) {
		out := searchAnswer{Issues: []issue.Titled{}}
		f, err := s.apiFilter(v)
		if err != nil {
			return out, err
		}
		page, err := s.deps.Reader.Complaints(ctx, f)
		if err != nil {
			return out, err
		}
		out.question, out.Items, out.Total, out.Next, out.AtLeast = v.question(), page.Rows, &page.Total, encodeCursor(page.Next), page.AtLeast
		if out.Items == nil {
			out.Items = []transform.ComplaintRow{}
		}
		if out.Behind, err = s.deps.Reader.SearchBehind(ctx); err != nil || f.Text == "" {
			return out, err
		}
		named, err := s.deps.Reader.IssuesNamed(ctx, f.Text, mostNamed)
		out.Issues = append(out.Issues, named...)
		return out, err
	})
}

// apiFilter reads a list's parameters, without a phone's number among them.
func (s *Server) apiFilter(v view) (transform.ComplaintFilter, error) {
	if typed := v.Own.Get("q"); s.deps.CustomerKey != nil && surePhone(typed) {
		if _, ok := transform.PhoneKey(typed, s.deps.CustomerKey); ok {
			return transform.ComplaintFilter{}, badField("q", "电话号码不放在地址里：用 POST /api/v1/search 换成标记，再用 customer=标记")
		}
	}
	return parseFilter(v)
}

// resolved is the answer to what was typed: the parameter to ask the lists with.
type resolved struct {
	Parameter string `json:"parameter"`
	Value     string `json:"value"`
}

// apiResolve turns what was typed into the parameter that finds it, so that numbers stand in no address.
func (s *Server) apiResolve(c *gin.Context) {
	var body typedBody
	if err := c.ShouldBindJSON(&body); err != nil || strings.TrimSpace(body.Q) == "" || len([]rune(body.Q)) > maxQuery {
		s.fail(c, badField("q", "要有 1 到 "+grouped(maxQuery)+" 个字"))
		return
	}
	to, err := s.resolve(c.Request.Context(), body.Q)
	if err != nil {
		s.fail(c, err)
		return
	}
	writeJSON(c, http.StatusOK, resolved(to))
}

func resolveOperation() operation {
	return operation{Operation: openapi.Operation{
		Method: http.MethodPost, Path: apiRoot + "/search", ID: "resolveSearch", Tag: "投诉", Summary: "把输入换成查询参数",
		Description: "电话与订单号换成标记（HMAC），不出现在地址里；别的原样返回。", Body: typedBody{}, Answer: resolved{},
	}}
}

// typedBody is what somebody typed.
type typedBody struct {
	Q string `json:"q"`
}
