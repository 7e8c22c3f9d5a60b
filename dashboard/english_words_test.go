package dashboard_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"wenguo/dashboard/language"
)

// verbs of fmt in a phrase of the code.
var verbs = regexp.MustCompile(`%[-+ 0-9.]*[a-zA-Z]`)

// TestEveryChineseWordOfTheCodeHasEnglish reads code and templates: most states, errors and refusals are on no sample page.
func TestEveryChineseWordOfTheCodeHasEnglish(t *testing.T) {
	translator, err := language.New()
	if err != nil {
		t.Fatal(err)
	}
	keys := translator.Keys()
	missing, used := map[string]string{}, map[string]bool{}
	for _, source := range wordings(t) {
		var lacks []string
		traced := translator.Traced(func(key string, known bool) {
			if known {
				used[key] = true
			} else {
				lacks = append(lacks, key)
			}
		})
		if source.page {
			traced.HTML([]byte(source.text))
		} else {
			traced.Translate(source.text)
		}
		if piece := strings.Trim(source.text, "7，。：；、（） "); !source.page {
			for _, k := range keys { // such as a unit, whose phrases are made with numbers
				used[k] = used[k] || strings.Contains(k, strings.ReplaceAll(piece, "7", "{}"))
			}
		}
		for _, key := range lacks {
			// A piece of a sentence that is put together stands in the phrase for the whole sentence.
			parts, found := strings.Split(strings.Trim(key, "“”% {}"), "{}"), false
			for _, k := range keys {
				if !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(k, part) }) {
					used[k], found = true, true
				}
			}
			if !found {
				missing[key] = source.file
			}
		}
	}
	if len(missing) > 0 {
		var lines []string
		for _, key := range slices.Sorted(maps.Keys(missing)) {
			lines = append(lines, key+"\t\t# "+missing[key])
		}
		t.Errorf("en.tsv lacks %d phrases of the code:\n%s", len(missing), strings.Join(lines, "\n"))
	}
	for _, page := range everyFace(t) {
		translator.Traced(func(key string, known bool) { used[key] = used[key] || known }).HTML(page)
	}
	if unused := slices.DeleteFunc(keys, func(key string) bool { return used[key] }); len(unused) > 0 {
		t.Errorf("nothing uses %d phrases of en.tsv:\n%s", len(unused), strings.Join(unused, "\n"))
	}
}

// wording is a text of the product as it stands in a file.
type wording struct {
	file, text string
	page       bool
}

// actions of a template: those that write a value, and all others.
var (
	writes  = regexp.MustCompile(`\{\{-?\s*(?:[.$]|grouped|localTime|periodText|len|print)[^{}]*\}\}`)
	actions = regexp.MustCompile(`\{\{(?:[^{}"]|"[^"]*")*\}\}`)
	says    = regexp.MustCompile(`\bsay\("([^"]+)"`)
)

// wordings are the texts of code, templates and scripts, with numbers where values would stand.
func wordings(t *testing.T) []wording {
	t.Helper()
	var found []wording
	for _, file := range append(goFiles(t, "."), "../transform/kpi/entry.go") {
		for _, literal := range literals(t, file) {
			found = append(found, wording{file: file, text: verbs.ReplaceAllString(strings.ReplaceAll(literal, "%%", "%"), "7")})
		}
	}
	for _, pattern := range []string{"templates/*.html", "templates/parts/*.html", "static/*.js"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(file, ".js") {
				for _, m := range says.FindAllStringSubmatch(string(body), -1) {
					found = append(found, wording{file: file, text: strings.ReplaceAll(m[1], "{}", "7")})
				}
				continue
			}
			if !strings.Contains(file, "styleguide") {
				found = append(found, wording{file, actions.ReplaceAllString(writes.ReplaceAllString(string(body), "7"), " "), true})
			}
		}
	}
	return found
}

// notOnPages are files whose Chinese is for others than the readers of pages: the API's document, messages to chats.
var notOnPages = regexp.MustCompile(`^(notify|report|alerts|language)/|^(operations?|contract|enums|styleguide).*\.go$|_test\.go$`)

func goFiles(t *testing.T, root string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") && !notOnPages.MatchString(filepath.ToSlash(path)) {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// literals are the strings of a file with Chinese in them.
func literals(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil && language.Han(s) {
				found = append(found, s)
			}
		}
		return true
	})
	return found
}
