package simulate

import (
	"bufio"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

//go:embed texts/*.txt
var textFiles embed.FS

// phrase is one way to say something, in the notation of grammar.go, perhaps of one voice.
type phrase struct {
	voice string
	text  string
	title string // of a core that is a whole story of its own: its own heading
}

// topic is what a complaint can be about. A recurring one has an issue's name; a singular one has none.
type topic struct {
	issue      string
	category   string
	products   []string
	department string
	cause      string // cause group
	weight     float64
	titles     []phrase // t
	cores      []phrase // c
	details    []phrase // d
	results    []phrase // r: what came of it
	asks       []phrase // a: what the writer wants
	roots      []phrase // g: what the investigation finds
	alias      map[string]string
	general    string // prefixes of the pools it uses too, joined by +
}

// library is everything that can be said.
type library struct {
	issues, storms, singular []*topic
	singularWeights          []float64
	lists                    map[string][]string
	pools                    map[string][]phrase
	synonyms                 [][]string
	families, regions        []string
}

// loadLibrary reads texts/*.txt. A file is made of blocks:
//
//   - "= name | category | products | department | cause | weight" starts a recurring issue,
//     "! …" the same for a storm, "- …" (without a name) a singular topic; a further field "thing fault pools" lets it
//     use the pools' general phrases, which call its list of things <物> and that of faults <坏>; the lines after it
//     are its phrases,
//     each marked t, c, d, r, a or g, and perhaps with a voice: "c[怒] …"; a core that tells its own story brings its
//     own title: "c title // …";
//   - "@name" starts a word list: words between spaces, on any number of lines;
//   - "%name" starts a pool of general phrases, one a line, perhaps with a voice: "[老] …".
//
// Lines that start with # are comments.
func loadLibrary() (*library, error) {
	l := &library{
		lists: map[string][]string{}, pools: map[string][]phrase{},
		families: strings.Fields(familiesAll), regions: strings.Fields(regionsAll),
	}
	names, err := fs.Glob(textFiles, "texts/*.txt")
	if err != nil {
		return nil, fmt.Errorf("list texts: %w", err)
	}
	slices.Sort(names)
	for _, name := range names {
		raw, err := textFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if err := l.read(path.Base(name), string(raw)); err != nil {
			return nil, err
		}
	}
	for _, t := range l.singular {
		for pool := range strings.SplitSeq(t.general, "+") {
			t.titles = append(t.titles, l.pools[pool+"题"]...)
			t.cores = append(t.cores, l.pools[pool+"框"]...)
			t.details = append(t.details, l.pools[pool+"细"]...)
			t.results = append(t.results, l.pools[pool+"果"]...)
			t.asks = append(t.asks, l.pools[pool+"求"]...)
		}
	}
	for _, p := range l.pools["synonyms"] {
		l.synonyms = append(l.synonyms, strings.Fields(p.text))
	}
	for _, t := range l.singular {
		l.singularWeights = append(l.singularWeights, t.weight)
	}
	return l, l.check()
}

func (l *library) read(file, raw string) error {
	var current *topic
	var list, pool string
	lines := bufio.NewScanner(strings.NewReader(raw))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		var err error
		switch line[0] {
		case '=', '!', '-':
			current, err = l.open(line)
			list, pool = "", ""
		case '@':
			current, list, pool = nil, strings.TrimSpace(line[1:]), ""
		case '%':
			current, list, pool = nil, "", strings.TrimSpace(line[1:])
		default:
			switch {
			case current != nil:
				err = current.add(line)
			case list != "":
				l.lists[list] = append(l.lists[list], strings.Fields(line)...)
			case pool != "":
				l.pools[pool] = append(l.pools[pool], parsePhrase(line))
			default:
				err = errors.New("a line before any block")
			}
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
	}
	return nil
}

func (l *library) open(line string) (*topic, error) {
	fields := strings.Split(line[1:], "|")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	t := &topic{weight: 1, general: "事"}
	if line[0] != '-' {
		t.issue, fields = fields[0], fields[1:]
	}
	if len(fields) < 4 {
		return nil, errors.New("a topic needs category, products, department and cause")
	}
	t.category, t.products, t.department, t.cause = fields[0], strings.Fields(fields[1]), fields[2], fields[3]
	if len(fields) > 4 {
		w, err := strconv.ParseFloat(fields[4], 64)
		if err != nil {
			return nil, fmt.Errorf("weight: %w", err)
		}
		t.weight = w
	}
	if len(fields) > 5 {
		names := strings.Fields(fields[5])
		if len(names) != 3 {
			return nil, errors.New("general phrases need a thing, a fault and a pool")
		}
		t.alias, t.general = map[string]string{"物": names[0], "坏": names[1]}, names[2]
	}
	switch line[0] {
	case '=':
		l.issues = append(l.issues, t)
	case '!':
		l.storms = append(l.storms, t)
	default:
		l.singular = append(l.singular, t)
	}
	return t, nil
}

func (t *topic) add(line string) error {
	p := parsePhrase(strings.TrimSpace(line[1:]))
	switch line[0] {
	case 't':
		t.titles = append(t.titles, p)
	case 'c':
		t.cores = append(t.cores, p)
	case 'd':
		t.details = append(t.details, p)
	case 'r':
		t.results = append(t.results, p)
	case 'a':
		t.asks = append(t.asks, p)
	case 'g':
		t.roots = append(t.roots, p)
	default:
		return fmt.Errorf("unknown mark %q", line[:1])
	}
	return nil
}

func parsePhrase(s string) phrase {
	var p phrase
	if voice, rest, ok := strings.Cut(strings.TrimPrefix(s, "["), "]"); ok && strings.HasPrefix(s, "[") {
		p.voice, s = voice, rest
	}
	if title, rest, ok := strings.Cut(s, "//"); ok {
		p.title, s = strings.TrimSpace(title), rest
	}
	p.text = strings.TrimSpace(s)
	return p
}

// check finds what would only show up as an odd text later.
func (l *library) check() error {
	for _, t := range slices.Concat(l.issues, l.storms, l.singular) {
		name := t.issue + " " + t.category
		if len(t.cores) == 0 || len(t.titles) == 0 && slices.ContainsFunc(t.cores, func(p phrase) bool { return p.title == "" }) {
			return fmt.Errorf("topic %s: no core or no title", name)
		}
		if departmentNamed(t.department).name != t.department {
			return fmt.Errorf("topic %s: unknown department %s", name, t.department)
		}
		for _, p := range slices.Concat(t.titles, t.cores, t.details, t.results, t.asks, t.roots) {
			if err := errors.Join(l.checkPhrase(p.title, t.alias), l.checkPhrase(p.text, t.alias)); err != nil {
				return fmt.Errorf("topic %s: %w in %s", name, err, p.text)
			}
		}
	}
	for name, pool := range l.pools {
		for _, p := range pool {
			if err := l.checkPhrase(p.text, map[string]string{"物": "衣", "坏": "衣病"}); err != nil {
				return fmt.Errorf("pool %s: %w in %s", name, err, p.text)
			}
		}
	}
	for name, list := range l.lists {
		for _, item := range list {
			if err := l.checkPhrase(item, nil); err != nil {
				return fmt.Errorf("list %s: %w in %s", name, err, item)
			}
		}
	}
	return nil
}
