package dashboard

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"wenguo/transform/issue"
	"wenguo/transform/text"
)

// KnownReader is what finding the answer to a customer's words asks beside the names of issues.
type KnownReader interface {
	// Likely are the issues that a text may be about, the strongest evidence first, at most so many; nothing is read for it.
	// issue.ErrNotDiscovered where this program made no discovery yet.
	Likely(text string, most int) ([]issue.Candidate, error)
}

// Bounds of finding answers.
const (
	// maxKnown is how many issues are answered; maxKnownRunes bounds the text, maxKnownWords what an address may hold of it.
	maxKnown      = 3
	maxKnownRunes = 2000
	maxKnownWords = 40
	// bookEvery is how often what is known is read anew, and bookStale how old it may be where nobody reads it anew.
	bookEvery = 2 * time.Second
	bookStale = 30 * time.Second
	// bookAsked is for how long after the last question it is read anew.
	bookAsked = 10 * time.Minute
)

// knownBook is what is known of the issues: read beforehand, so that a question waits for no store.
type knownBook struct {
	lock   sync.Mutex
	at     time.Time
	asked  time.Time
	names  map[string]issue.Named
	curate issue.Curation
}

// read is the book's content; it is read from the store only where that was never done or long ago.
func (s *Server) readBook(ctx context.Context) (map[string]issue.Named, issue.Curation, error) {
	now := s.deps.Now()
	s.book.lock.Lock()
	s.book.asked = now
	names, curate, fresh := s.book.names, s.book.curate, now.Sub(s.book.at) < bookStale && s.book.names != nil
	s.book.lock.Unlock()
	if fresh {
		return names, curate, nil
	}
	return s.renewBook(ctx)
}

// renewBook reads what is known.
func (s *Server) renewBook(ctx context.Context) (map[string]issue.Named, issue.Curation, error) {
	at, ctx := s.deps.Now(), asItself(ctx)
	curate, err := s.curation(ctx)
	if err != nil {
		return nil, curate, err
	}
	names, err := s.deps.Reader.IssueNames(ctx)
	if err != nil {
		return nil, curate, fmt.Errorf("read issues: %w", err)
	}
	s.book.lock.Lock()
	defer s.book.lock.Unlock()
	s.book.at, s.book.names, s.book.curate = at, names, curate
	return names, curate, nil
}

// keepBook reads what is known anew while somebody asks, until ctx ends.
func (s *Server) keepBook(ctx context.Context) {
	tick := time.NewTicker(bookEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		s.book.lock.Lock()
		wanted := s.deps.Now().Sub(s.book.asked) < bookAsked
		s.book.lock.Unlock()
		if !wanted {
			continue
		}
		if _, _, err := s.renewBook(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("what is known of issues was not read", slog.Any("error", err))
		}
	}
}

// Confidence is how sure it is that a text is about an issue.
type Confidence string

// Confidences. A text is the same as a complaint of the issue, has the evidence that a complaint needs to be put into it, or
// falls a little short of that.
const (
	Same     Confidence = "same"
	Probable Confidence = "probable"
	Possible Confidence = "possible"
)

// knownItem is an issue that a text may be about, with what is known of it. Evidence is how far the evidence exceeds what a
// complaint needs to be put into the issue; 1 where the text is that of one of its complaints.
type knownItem struct {
	Issue      string     `json:"issue"`
	Name       string     `json:"name"`
	Confidence Confidence `json:"confidence"`
	Evidence   float64    `json:"evidence"`
	Cause      string     `json:"cause,omitempty"`
	Workaround string     `json:"workaround,omitempty"`
	Answer     string     `json:"answer,omitempty"`
	AnsweredBy string     `json:"answered_by,omitempty"`
	AnsweredAt time.Time  `json:"answered_at,omitzero"`
}

// knownAnswer is what is known of a text. Without items no issue is likely.
type knownAnswer struct {
	Items []knownItem `json:"items"`
}

// lookUp finds the likely issues of a text with what is known of them.
func (s *Server) lookUp(ctx context.Context, words string) (knownAnswer, error) {
	out := knownAnswer{Items: []knownItem{}}
	switch words = strings.TrimSpace(words); {
	case words == "":
		return out, badField("text", "请写下客户说的话")
	case utf8.RuneCountInString(words) > maxKnownRunes:
		return out, badField("text", "最多 2000 个字")
	}
	names, curate, err := s.readBook(ctx)
	if err != nil {
		return out, err
	}
	found, err := s.deps.Reader.Likely(words, maxKnown)
	if errors.Is(err, issue.ErrNotDiscovered) {
		return out, refusal{
			status: http.StatusServiceUnavailable, title: "还不知道", detail: "这个进程还没有做过问题发现，不知道一段话说的是哪个问题。", remedy: "启动后的第一次问题发现完成后再试。",
		}
	}
	if err != nil {
		return out, fmt.Errorf("find likely issues: %w", err)
	}
	for _, c := range found {
		if names[c.Issue].Leads != "" {
			out.Items = append(out.Items, newKnownItem(names, curate, names[c.Issue].Leads, c.Evidence))
		}
	}
	return out, nil
}

func newKnownItem(names map[string]issue.Named, curate issue.Curation, id string, evidence float64) knownItem {
	m := names[id].Marks
	item := knownItem{Issue: id, Name: names[id].Name, Evidence: evidence, Cause: m.Cause, Workaround: m.Workaround, Answer: m.Answer, Confidence: Possible}
	if e, ok := curate.Holding(issue.Key{Facet: issue.FacetReply, ID: id}); ok && m.Replied() {
		item.AnsweredBy, item.AnsweredAt = e.By.ID, e.At
	}
	switch {
	case evidence >= 1:
		item.Confidence = Same
	case evidence >= 0:
		item.Confidence = Probable
	}
	return item
}

// knownPage is what templates/known.html shows.
type knownPage struct {
	frame

	// Asked says that a text was looked up; Text is that.
	Asked bool
	Text  string
	Found []knownRow
	// Trouble is why nothing could be looked up.
	Trouble string
	All     []knownRow
}

// knownRow is an issue with what is known of it.
type knownRow struct {
	knownItem

	URL, Words, Tone, When string
}

// confidenceWords say how sure a match is.
var confidenceWords = map[Confidence]string{ //nolint:gochecknoglobals // a constant table
	Same: "与其中一件投诉的用词相同", Probable: "证据充分", Possible: "可能有关，证据不足",
}

var confidenceTones = map[Confidence]string{Same: "good", Probable: "good", Possible: "warn"} //nolint:gochecknoglobals // a constant table

// known shows what is known, and with a text what is known of that. The text comes in a form and never stands in an address.
func (s *Server) known(c *gin.Context) {
	f, err := s.begin(c, "知识库", "/known")
	if err != nil {
		s.fail(c, err)
		return
	}
	ctx := c.Request.Context()
	names, curate, err := s.renewBook(ctx)
	if err != nil {
		s.fail(c, err)
		return
	}
	f.Chips = nil
	p := knownPage{frame: f}
	for id, n := range names {
		if n.Leads == id && n.Marks.Replied() {
			p.All = append(p.All, newKnownRow(f.View, newKnownItem(names, curate, id, 0)))
		}
	}
	slices.SortFunc(p.All, func(a, b knownRow) int { return strings.Compare(a.Name, b.Name) })
	if c.Request.Method == http.MethodPost {
		p.Asked, p.Text = true, c.Request.PostForm.Get("text")
		found, err := s.lookUp(ctx, p.Text)
		if err != nil {
			p.Trouble = problemOf(err).Detail
		}
		for _, item := range found.Items {
			p.Found = append(p.Found, newKnownRow(f.View, item))
		}
	}
	s.render(c, http.StatusOK, "known", p)
}

func newKnownRow(v view, item knownItem) knownRow {
	r := knownRow{knownItem: item, URL: v.To("/issues/" + pathEscape(item.Issue)), Words: confidenceWords[item.Confidence], Tone: confidenceTones[item.Confidence]}
	if !item.AnsweredAt.IsZero() {
		r.When = day(item.AnsweredAt, v.AsOf)
	}
	return r
}

// issueReply is what is known of one issue.
func (s *Server) issueReply(c *gin.Context, v view, d issue.Detail) knownRow {
	k, err := s.curation(c.Request.Context())
	if err != nil { // the page has failed before, at what people decided
		return knownRow{}
	}
	return newKnownRow(v, newKnownItem(map[string]issue.Named{d.ID: {ID: d.ID, Name: d.Name, Leads: d.ID, Marks: d.Marks}}, k, d.ID, 0))
}

// personal says whether a text holds what must not stand in an address.
func personal(words string) bool {
	normal := text.Normalize(words)
	return text.Mask(normal) != normal
}
