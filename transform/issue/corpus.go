package issue

import (
	"context"
	"encoding/binary"
	"slices"
	"strings"

	"wenguo/transform/text"
)

// corpus is all texts, by position in the order of their ids.
type corpus struct {
	texts []reading
	// words are the distinct words; a word's id is its index.
	words []string
	ids   map[string]int32
	// author numbers customers; those without a name have a number each.
	author []int32
	// byAuthor are the positions of each author's texts.
	byAuthor [][]int32
	// repost marks a body that its author has sent before.
	repost []bool
	// without are the parts of the recipe that are left out.
	without Without
}

// reading is one text as features see it.
type reading struct {
	// title and body are word ids in their order; lead is the pseudo-title's.
	title, body []int32
	// titleText and bodyText are normalised, without tokens of masked data.
	titleText, bodyText string
	// head is the share of the norm that the title or pseudo-title gets, 0 where there is none.
	head float64
}

type cutText struct {
	title, body         []string
	titleText, bodyText string
	head                float64
}

// readCorpus masks, normalises and cuts all texts. Personal data never becomes a feature.
func readCorpus(ctx context.Context, messages []Message, order []int, seg Segmenter, opts Options) (*corpus, error) {
	n := len(order)
	c := &corpus{texts: make([]reading, n), ids: map[string]int32{}, without: opts.Without}
	const batch = 4096
	buffer := make([]cutText, min(batch, n))
	for from := 0; from < n; from += batch {
		to := min(from+batch, n)
		progress := func(done int) { opts.share("read", 0, 0.35, n)(from + done) }
		err := each(ctx, opts.Workers, to-from, progress, func(_, i int) {
			buffer[i] = cutMessage(messages[order[from+i]], seg)
		})
		if err != nil {
			return nil, err
		}
		for i := range to - from {
			b := buffer[i]
			c.texts[from+i] = reading{
				title: c.intern(b.title), body: c.intern(b.body),
				titleText: b.titleText, bodyText: b.bodyText, head: b.head,
			}
		}
	}
	c.readAuthors(messages, order)
	return c, nil
}

func cutMessage(m Message, seg Segmenter) cutText {
	title, body := prepare(m.Title), prepare(m.Text)
	out := cutText{titleText: title, head: titleShare}
	if title == "" && longerThan(body, 2*leadRunes) {
		out.titleText, out.head = lead(body), leadShare
	}
	out.title, out.titleText = content(seg.CutOf(out.titleText))
	out.body, out.bodyText = content(seg.CutOf(body))
	return out
}

// content returns a text's words, and the text, without what says nothing about the matter.
func content(pieces []string) (list []string, rest string) {
	pieces = text.Content(pieces)
	return words(slices.Clone(pieces)), strings.Join(pieces, "")
}

func words(pieces []string) []string {
	return slices.DeleteFunc(pieces, func(p string) bool { return !text.IsWord(p) })
}

// prepare returns what of a text is compared: masked, normalised, the tokens of masked data left out.
func prepare(s string) string {
	s = text.Normalize(text.Mask(s))
	for {
		open := strings.Index(s, "〔")
		if open < 0 {
			return s
		}
		end := strings.Index(s[open:], "〕")
		if end < 0 {
			return s
		}
		s = s[:open] + " " + s[open+end+len("〕"):]
	}
}

func longerThan(s string, runes int) bool {
	for range s {
		if runes--; runes < 0 {
			return true
		}
	}
	return false
}

// lead returns the first words after the greeting of a letter.
func lead(body string) string {
	runes := []rune(body)
	from := greeting(runes)
	return string(runes[from:min(from+leadRunes, len(runes))])
}

// greeting returns how many runes of salutation a letter opens with.
func greeting(s []rune) int {
	at := 0
	for {
		next := at
		for next < len(s) && (s[next] == ' ' || s[next] == '\n' || s[next] == '\t' || s[next] == '\r') {
			next++
		}
		head := string(s[next:min(next+24, len(s))])
		switch mark := strings.IndexAny(head, "，,。:：!！\n"); {
		case mark < 0:
			return next
		case strings.HasPrefix(head, "尊敬的"), strings.HasPrefix(head, "各位领导"), strings.HasPrefix(head, "领导"),
			strings.HasPrefix(head, "您好"), strings.HasPrefix(head, "你好"), endsWithOffice(head[:mark]):
			if longerThan(head[:mark], 20) {
				return next
			}
			next += len([]rune(head[:mark])) + 1
		}
		if next == at {
			return at
		}
		at = next
	}
}

func endsWithOffice(s string) bool {
	if longerThan(s, 10) {
		return false
	}
	return strings.HasSuffix(s, "书记") || strings.HasSuffix(s, "市长") || strings.HasSuffix(s, "局长")
}

func (c *corpus) intern(words []string) []int32 {
	out := make([]int32, len(words))
	for i, w := range words {
		id, ok := c.ids[w]
		if !ok {
			w = strings.Clone(w)
			id = int32(len(c.words))
			c.words = append(c.words, w)
			c.ids[w] = id
		}
		out[i] = id
	}
	return out
}

func (c *corpus) readAuthors(messages []Message, order []int) {
	c.author = make([]int32, len(order))
	c.repost = make([]bool, len(order))
	numbers := map[string]int32{}
	seen := map[[2]string]bool{}
	for p, i := range order {
		user := messages[i].User
		number, known := numbers[user]
		if user == "" || !known {
			number = int32(len(c.byAuthor))
			c.byAuthor = append(c.byAuthor, nil)
		}
		c.author[p] = number
		c.byAuthor[number] = append(c.byAuthor[number], int32(p))
		if user == "" {
			continue
		}
		numbers[user] = number
		key := [2]string{user, c.texts[p].bodyText}
		c.repost[p] = seen[key]
		seen[key] = true
	}
}

// twins returns for every text the first one that consists of the same words.
func (c *corpus) twins() []int32 {
	first := map[string]int32{}
	out := make([]int32, len(c.texts))
	for i, t := range c.texts {
		out[i] = int32(i)
		key := twinKey(t.title, t.body)
		if key == "" {
			continue
		}
		if k, ok := first[key]; ok {
			out[i] = k
		} else {
			first[key] = int32(i)
		}
	}
	return out
}

// twinKey is equal for texts of the same words; "" for a text of a single word: it names no thing with its fault.
func twinKey(title, body []int32) string {
	if len(title)+len(body) < 2 {
		return ""
	}
	key := make([]byte, 0, 4*(len(title)+len(body)+1))
	for _, w := range title {
		key = binary.LittleEndian.AppendUint32(key, uint32(w))
	}
	key = append(key, "|"...)
	for _, w := range body {
		key = binary.LittleEndian.AppendUint32(key, uint32(w))
	}
	return string(key)
}
