package faults_test

import (
	"slices"
	"strings"
	"sync"
)

// What the logs say that is worth counting.
const (
	saidReplay   = "carrying out a plan that was left"
	saidStored   = "a plan that was left is stored already"
	saidMended   = "completing a block that was stored in part"
	saidDisagree = "the group's offset is not where the store ends, the store decides"
	saidFenced   = "partition went to another member"
	saidRetry    = "insert failed, the same block is tried again"
	saidForgot   = "the store knows a block and does not have it, its rows are sent under another token"
	saidRest     = "dead-letter topic does not take messages, the partition waits"
)

var counted = []string{saidReplay, saidStored, saidMended, saidDisagree, saidFenced, saidRetry, saidForgot, saidRest}

// heard counts what the members say and keeps the end of it.
type heard struct {
	mu     sync.Mutex
	counts map[string]int
	last   []string
}

// has says that the line's message is msg.
func has(line, msg string) bool { return strings.Contains(line, `msg="`+msg+`"`) }

func (h *heard) add(who, line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.counts == nil {
		h.counts = map[string]int{}
	}
	for _, msg := range counted {
		if has(line, msg) {
			h.counts[msg]++
		}
	}
	if strings.Contains(line, "level=DEBUG") {
		return
	}
	h.last = append(h.last, who+": "+line)
	if len(h.last) > 400 {
		h.last = slices.Clone(h.last[200:])
	}
}

// count sums up what was said.
func (h *heard) count(messages ...string) (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, msg := range messages {
		n += h.counts[msg]
	}
	return n
}

// end is the end of all logs.
func (h *heard) end() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.last[max(0, len(h.last)-60):], "\n")
}
