package text

import (
	"slices"
	"strings"
)

// part is a component of an address below the estate: 3栋, 2单元, 501室.
type part struct {
	end   int
	level string
	arab  bool
	size  int
}

// partWords close a component, the longer first.
//
//nolint:gochecknoglobals // a constant table
var partWords = runeWords("号楼", "号院", "号门", "单元", "栋", "幢", "座", "楼", "层", "室", "房", "户", "号")

// address returns the end of building, unit and room that start at i, or 0.
// Estates, roads and their numbers stay: they are what a complaint is about.
func (r *reader) address(i int) int {
	if i > 0 && (isLetterOrDigit(r.plain[i-1]) || isNumeral(r.plain[i-1])) {
		return 0
	}
	var parts []part
	at := i
	for len(parts) < 6 {
		p, ok := r.part(at)
		if !ok {
			break
		}
		parts = append(parts, p)
		at = p.end
		if at < len(r.plain) && strings.ContainsRune(" -—,", r.plain[at]) && len(parts) < 6 {
			if _, more := r.part(at + 1); more {
				at++
			}
		}
	}
	if len(parts) == 0 {
		return 0
	}
	end := parts[len(parts)-1].end
	if len(parts) > 1 {
		return r.multiPart(parts, end)
	}
	p := parts[0]
	switch p.level {
	case "栋", "幢", "号楼", "座":
		if tail := r.bareRoom(end); tail > 0 {
			return tail
		}
		if p.arab && p.level != "座" {
			return end
		}
	case "单元":
		if tail := r.bareRoom(end); tail > 0 {
			return tail
		}
		return end
	case "室", "房":
		if p.arab && p.size >= 3 {
			return end
		}
	}
	return 0
}

// multiPart masks a chain when it names a unit or a room, or a building in more than one step; 三室两厅 and 3楼2层 are no addresses.
func (r *reader) multiPart(parts []part, end int) int {
	if end < len(r.plain) && (r.plain[end] == '厅' || r.plain[end] == '卫') {
		return 0
	}
	homes := 0
	for _, p := range parts {
		switch p.level {
		case "栋", "幢", "号楼", "单元", "室", "号院", "座", "号门":
			homes++
		}
	}
	if homes == 0 {
		return 0
	}
	if tail := r.bareRoom(end); tail > 0 {
		return tail
	}
	return end
}

// part reads one component at i.
func (r *reader) part(i int) (part, bool) {
	j := i
	if j < len(r.plain) && r.plain[j] == '第' {
		j++
	}
	from := j
	for j < len(r.plain) && j-from < 5 && (isLetterOrDigit(r.plain[j]) || isNumeral(r.plain[j]) || r.plain[j] == '*') {
		j++
	}
	if j == from {
		return part{}, false
	}
	p := part{size: j - from, arab: isLetterOrDigit(r.plain[from])}
	if p.arab && !hasDigit(r.plain[from:j]) && j-from > 1 {
		return part{}, false
	}
	if j < len(r.plain) && r.plain[j] == '#' {
		p.level, p.end = "栋", j+1
		if j+1 < len(r.plain) && (r.plain[j+1] == '楼' || r.plain[j+1] == '栋') {
			p.end = j + 2
		}
		return p, p.arab
	}
	for _, word := range partWords {
		if r.has(j, word) {
			p.level, p.end = string(word), j+len(word)
			if p.level == "室" && p.end < len(r.plain) && (isDigit(r.plain[p.end]) || isNumeral(r.plain[p.end])) && p.size == 1 {
				return part{}, false
			}
			return p, true
		}
	}
	return part{}, false
}

// bareRoom reads a room number without its word: the 502 of 3栋502.
func (r *reader) bareRoom(i int) int {
	if i < len(r.plain) && strings.ContainsRune(" -—", r.plain[i]) {
		i++
	}
	end := r.run(i, isDigit)
	if end-i < 3 || end-i > 4 {
		return 0
	}
	// The first group of a longer number is no room.
	if end+1 < len(r.plain) && strings.ContainsRune(" -—.*", r.plain[end]) && (isDigit(r.plain[end+1]) || r.plain[end+1] == '*') {
		return 0
	}
	return end
}

func hasDigit(runes []rune) bool { return slices.ContainsFunc(runes, isDigit) }

func isNumeral(c rune) bool { return spokenDigit(c) >= 0 || c == '十' || c == '百' }
