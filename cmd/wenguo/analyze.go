package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"wenguo/transform/issue"
	"wenguo/transform/text"
)

// shownIssues is how many issues the summary on the terminal lists.
const shownIssues = 15

type analyzeFlags struct {
	out, issues, data, terms  string
	minMessages, minCustomers int
}

func newAnalyze() *cobra.Command {
	var f analyzeFlags
	cmd := &cobra.Command{
		Use:   "analyze FILE --out FOUND.csv",
		Short: "find the recurring issues of a file of messages; needs no services",
		Long: `Reads messages from JSON lines or CSV (UTF-8 or GB 18030) with id and text and, optionally, title, user and time (or date).
Writes one row a message with the issue it belongs to; the issue of a text in none is empty.
Without a user column every row is a customer of its own.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{errors.New("analyze takes one FILE")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.out == "" {
				return usageError{errors.New("analyze needs --out FOUND.csv")}
			}
			return runAnalyze(cmd.Context(), args[0], f, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&f.out, "out", "", "file for the columns id,issue")
	cmd.Flags().StringVar(&f.issues, "issues", "", "file for one row an issue: issue,name,keywords,messages,customers,first_seen,last_seen")
	cmd.Flags().StringVar(&f.data, "data", "", "folder for the unpacked dictionaries (default: the user's cache)")
	cmd.Flags().StringVar(&f.terms, "terms", "", "user dictionary: a product, place or other name a line")
	cmd.Flags().IntVar(&f.minMessages, "min-messages", 2, "least messages of an issue")
	cmd.Flags().IntVar(&f.minCustomers, "min-customers", 1, "least distinct customers of an issue")
	return cmd
}

func runAnalyze(ctx context.Context, path string, f analyzeFlags, stdout, stderr io.Writer) error {
	messages, err := readMessages(path)
	if err != nil {
		return err
	}
	seg, err := openSegmenter(f.data, f.terms)
	if err != nil {
		return err
	}
	defer seg.Close()

	bar := progressbar.NewOptions(1000, progressbar.OptionSetWriter(stderr), progressbar.OptionSetDescription("analyze"),
		progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
	found, err := issue.Discover(ctx, messages, seg, issue.Options{
		MinMessages: f.minMessages, MinCustomers: f.minCustomers,
		Progress: func(step string, done float64) {
			bar.Describe(step)
			_ = bar.Set(int(done * 1000))
		},
	})
	_ = bar.Finish()
	if err != nil {
		return err
	}
	issues := issue.Match(nil, messages, found.Issues)
	if err := writeFound(f.out, messages, issues); err != nil {
		return err
	}
	if f.issues != "" {
		if err := writeIssues(f.issues, issues); err != nil {
			return err
		}
	}
	return summarize(stdout, messages, issues)
}

// openSegmenter unpacks the dictionaries below dir, or below the user's cache folder.
func openSegmenter(dir, terms string) (*text.Segmenter, error) {
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("find the user's cache folder (set --data): %w", err)
		}
		dir = filepath.Join(cache, "wenguo")
	}
	var own []string
	if terms != "" {
		var err error
		if own, err = text.ReadTermsFile(terms); err != nil {
			return nil, err
		}
	}
	return text.Open(dir, own...)
}

func writeFound(path string, messages []issue.Message, issues []issue.Issue) error {
	of := make([]string, len(messages))
	for _, is := range issues {
		for _, m := range is.Members {
			of[m] = is.ID
		}
	}
	rows := make([][]string, 0, len(messages)+1)
	rows = append(rows, []string{"id", "issue"})
	for i, m := range messages {
		rows = append(rows, []string{m.ID, of[i]})
	}
	return writeCSV(path, rows)
}

func writeIssues(path string, issues []issue.Issue) error {
	rows := [][]string{{"issue", "name", "keywords", "messages", "customers", "first_seen", "last_seen"}}
	for _, is := range issues {
		words := make([]string, len(is.Keywords))
		for i, k := range is.Keywords {
			words[i] = k.Word
		}
		rows = append(rows, []string{
			is.ID, is.Name, strings.Join(words, " "), strconv.Itoa(len(is.Members)), strconv.Itoa(is.Customers),
			day(is.FirstSeen), day(is.LastSeen),
		})
	}
	return writeCSV(path, rows)
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateTime)
}

func writeCSV(path string, rows [][]string) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	werr := csv.NewWriter(f).WriteAll(rows)
	if err := errors.Join(werr, f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// summarize prints the hottest issues. Texts are masked.
func summarize(w io.Writer, messages []issue.Message, issues []issue.Issue) error {
	inside := 0
	for _, is := range issues {
		inside += len(is.Members)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d 条诉求，%d 个反复出现的问题，涉及 %d 条\n", len(messages), len(issues), inside)
	for i, is := range issues[:min(shownIssues, len(issues))] {
		fmt.Fprintf(&b, "%3d. %s  %d 位客户 %d 条", i+1, is.Name, is.Customers, len(is.Members))
		if !is.FirstSeen.IsZero() {
			fmt.Fprintf(&b, "  %s 至 %s", is.FirstSeen.Format(time.DateOnly), is.LastSeen.Format(time.DateOnly))
		}
		m := messages[is.Representatives[0]]
		fmt.Fprintf(&b, "\n     %s\n", excerpt(m.Title+" "+m.Text, 60))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("print summary: %w", err)
	}
	return nil
}

// excerpt is the masked beginning of a text on one line.
func excerpt(s string, runes int) string {
	r := []rune(strings.Join(strings.Fields(text.Mask(s)), " "))
	if len(r) > runes {
		return string(r[:runes]) + "…"
	}
	return string(r)
}
