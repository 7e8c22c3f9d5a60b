package report

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Browser prints HTML as PDF. Its zero value prints nothing and says why.
type Browser struct {
	// Path of Chromium or of a browser made of it.
	Path string
	// Fonts is fontconfig's fc-list, which tells whether there is Chinese type; empty where nobody can tell.
	Fonts string
}

// browserNames are what Chromium is called, the usual ones first.
var browserNames = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} //nolint:gochecknoglobals // a constant list

// FindBrowser looks for one on the machine.
func FindBrowser() Browser {
	var b Browser
	for _, name := range browserNames {
		if path, err := exec.LookPath(name); err == nil {
			b.Path = path
			break
		}
	}
	if path, err := exec.LookPath("fc-list"); err == nil {
		b.Fonts = path
	}
	return b
}

// Errors that a person can do something about.
var (
	// ErrNoBrowser says that nothing prints PDF here.
	ErrNoBrowser = errors.New("PDF needs Chromium or Google Chrome, and none is installed: install it (Debian: apt-get install chromium fonts-noto-cjk), or take html or xlsx")
	// ErrNoType says that a PDF would show boxes instead of Chinese.
	ErrNoType = errors.New("PDF needs a Chinese font, and none is installed: install one (Debian: apt-get install fonts-noto-cjk), or take html or xlsx")
	// ErrTooLong says that a paper is too long to be printed.
	ErrTooLong = errors.New("the paper is too long for PDF: take xlsx or csv, or a shorter period")
)

// Bounds of printing.
const (
	printTimeout = 90 * time.Second
	mostPrinted  = 24 << 20 // bytes of HTML: about 20,000 rows
)

// PDF prints a document. The browser reads a file of ours whose policy lets nothing run, without a network; dates and identifiers that
// it writes are replaced by the document's own, so that the same document makes the same bytes.
func (w *Writer) PDF(ctx context.Context, out io.Writer, d *Document, b Browser) error {
	if b.Path == "" {
		return ErrNoBrowser
	}
	if err := b.chinese(ctx); err != nil {
		return err
	}
	var page bytes.Buffer
	if err := w.HTML(&page, d); err != nil {
		return err
	}
	if page.Len() > mostPrinted {
		return ErrTooLong
	}
	printed, err := b.print(ctx, page.Bytes())
	if err != nil {
		return fmt.Errorf("print %s: %w", d.Name, err)
	}
	if _, err := out.Write(steady(printed, d.AsOf)); err != nil {
		return fmt.Errorf("write %s: %w", d.Name, err)
	}
	return nil
}

// chinese refuses to print boxes.
func (b Browser) chinese(ctx context.Context) error {
	if b.Fonts == "" {
		return nil
	}
	found, err := exec.CommandContext(ctx, b.Fonts, ":lang=zh", "family").Output() //nolint:gosec // a path of ours
	if err == nil && len(bytes.TrimSpace(found)) == 0 {
		return ErrNoType
	}
	return nil
}

// print runs the browser on a folder of its own, which it leaves nothing in.
func (b Browser) print(ctx context.Context, page []byte) (pdf []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, printTimeout)
	defer cancel()
	folder, err := os.MkdirTemp("", "wenguo-paper-*")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, removed(folder)) }()
	source, target := filepath.Join(folder, "paper.html"), filepath.Join(folder, "paper.pdf")
	if err := os.WriteFile(source, page, 0o600); err != nil {
		return nil, fmt.Errorf("write the page: %w", err)
	}
	arguments := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-sync",
		"--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND", "--lang=zh-CN",
		"--no-pdf-header-footer", "--user-data-dir=" + filepath.Join(folder, "profile"), "--print-to-pdf=" + target,
	}
	if os.Geteuid() == 0 { // Chromium refuses root otherwise
		arguments = append(arguments, "--no-sandbox")
	}
	command := exec.CommandContext(ctx, b.Path, append(arguments, "file://"+source)...) //nolint:gosec // a path of ours
	command.WaitDelay = time.Second
	command.Env = append(os.Environ(), "HOME="+folder, "TZ=UTC")
	said, runErr := command.CombinedOutput()
	pdf, err = os.ReadFile(target)
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return nil, fmt.Errorf("%s printed nothing: %w", filepath.Base(b.Path), errors.Join(runErr, errors.New(lastLine(said))))
	}
	return pdf, nil
}

// removed removes the browser's folder; its helpers may still be writing for a moment.
func removed(folder string) error {
	var err error
	for range 20 {
		if err = os.RemoveAll(folder); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("remove the browser's folder: %w", err)
}

func lastLine(said []byte) string {
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	return lines[len(lines)-1]
}

var (
	printedAt = regexp.MustCompile(`D:\d{14}[+-]\d\d'\d\d'`)
	printedID = regexp.MustCompile(`(/ID\s*\[\s*<)[0-9A-Fa-f]+(>\s*<)[0-9A-Fa-f]+(>\s*\])`)
)

// steady puts the document's instant where the browser wrote its own, and zeros for the identifier. Lengths stay, so that the
// file's own table of places holds.
func steady(pdf []byte, at time.Time) []byte {
	pdf = slices.Clone(pdf)
	for _, place := range printedAt.FindAllIndex(pdf, -1) {
		copy(pdf[place[0]:place[1]], at.UTC().Format("D:20060102150405")+"+00'00'")
	}
	for _, places := range printedID.FindAllSubmatchIndex(pdf, -1) {
		for _, span := range [][2]int{{places[3], places[4]}, {places[5], places[6]}} {
			for i := span[0]; i < span[1]; i++ {
				pdf[i] = '0'
			}
		}
	}
	return pdf
}
