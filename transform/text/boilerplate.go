package text

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed data/boilerplate.txt
var boilerplateTable string

const (
	lightWord = 1 << iota
	opensRequest
	requestWord
)

// boilerplate tells of words what boilerplate they can be part of.
//
//nolint:gochecknoglobals // a table read from the embedded file once
var boilerplate = sync.OnceValue(func() map[string]uint8 {
	kinds := map[string]uint8{"light": lightWord, "asks": opensRequest, "asked": requestWord}
	table := map[string]uint8{}
	for line := range strings.Lines(boilerplateTable) {
		if fields := strings.Fields(line); len(fields) > 0 {
			for _, word := range fields[1:] {
				table[word] |= kinds[fields[0]]
			}
		}
	}
	return table
})

// Content returns the pieces of Cut with a space in place of those that say nothing about the matter: filling words, and
// requests such as 希望厂家尽快处理. What else is asked for (免费更换) stays, and so does every negation.
// A text that consists of nothing else is returned as it is.
func Content(pieces []string) []string {
	table := boilerplate()
	out := slices.Clone(pieces)
	requesting, left := false, false
	for i, p := range out {
		kind := table[p]
		switch {
		case kind&opensRequest != 0:
			requesting = true
			out[i] = " "
		case kind&lightWord != 0, requesting && kind&requestWord != 0:
			out[i] = " "
		case !IsWord(p):
			requesting = false
		default:
			left = true
		}
	}
	if !left {
		return pieces
	}
	return out
}

// IsFiller tells a filling word, or one that opens a request.
func IsFiller(word string) bool { return boilerplate()[word]&(lightWord|opensRequest) != 0 }
