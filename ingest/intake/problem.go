package intake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"wenguo/ingest"
)

// Problem is RFC 9457's problem details, as the rest of the API answers.
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	// Errors are the faults of the events, the first ones when there are many.
	Errors []Fault `json:"errors,omitempty"`
	// retryAfter in seconds; 0 sends none.
	retryAfter int
}

// Fault is one event that cannot be taken.
type Fault struct {
	// Index counts the events of the request from 0; in lines, without the empty ones.
	Index int          `json:"index"`
	Class ingest.Class `json:"class"`
	// Field is the path inside the event, such as data.channel.
	Field string `json:"field"`
	// Reason continues the field's name to a sentence and says what to send instead. It never quotes the event.
	Reason string `json:"reason"`
}

// Error is for the log.
func (p *Problem) Error() string { return p.Title + ": " + p.Detail }

func problemf(status int, title, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: title, Status: status, Detail: detail}
}

// shownFaults bounds the list; whoever sends more broken events than this has one fault in the program.
const shownFaults = 100

// refused tells of faults among total events.
func refused(faults []Fault, total int) *Problem {
	status := http.StatusBadRequest
	for _, f := range faults {
		if f.Class == ingest.ClassOversized {
			status = http.StatusRequestEntityTooLarge
		}
	}
	p := problemf(status, "事件不合规", fmt.Sprintf("%d 个事件中有 %d 个不合规，整批未接收；改正后重发整批，不会重复计数。", total, len(faults)))
	p.Errors = faults[:min(len(faults), shownFaults)]
	return p
}

func (p *Problem) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
	if p.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="wenguo"`)
	}
	w.WriteHeader(p.Status)
	writeJSON(w, p)
}

func writeJSON(w http.ResponseWriter, answer any) {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(answer) // whoever asked is gone, or has it
}
