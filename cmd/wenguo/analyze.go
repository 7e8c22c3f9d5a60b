package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"wenguo/transform/issue"
	"wenguo/transform/text"
)

type analyzeFlags struct {
	out, issues, duplicates   string
	data, terms               string
	minMessages, minCustomers int
}

func newAnalyze() *cobra.Command {
	var f analyzeFlags
	cmd := &cobra.Command{
		Use:   "analyze FILE --out FOUND.csv",
		Short: "find the recurring issues of a file of messages; needs no services",
		Long: `Reads messages from CSV (UTF-8, GBK, GB 18030, UTF-16), a workbook (XLSX), JSON lines or a JSON array with id and text
and, optionally, title, user and time. Other names of the columns are understood as by import, such as 编号, 内容, 时间.
Writes one row a message with the issue it belongs to; the issue of a text in none is empty.
Without a user column every row is a customer of its own.

--duplicates writes every pair of messages whose texts are equal or whose character 4-grams have a Jaccard similarity of
0.8 or more: a is the smaller id of the two as text, rows are in the order of a and b. Compared is the text (the title
where there is none) with runs of white space as one space; nothing else is changed.

Ids are written as they are. Names and keywords that a spreadsheet would take for a formula get an apostrophe in front.`,
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
	cmd.Flags().StringVar(&f.duplicates, "duplicates", "", "file for one row a pair of near-duplicates: a,b,similarity")
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
	progress := func(step string, done float64) {
		bar.Describe(step)
		_ = bar.Set(int(done * 1000)) // only the terminal
	}
	told := summary{messages: messages, duplicates: f.duplicates != ""}
	if told.duplicates {
		step := func(done float64) { progress("duplicates", done/10) }
		if told.pairs, told.inside, err = writeDuplicates(ctx, f.duplicates, messages, step); err != nil {
			return err
		}
	}
	found, err := issue.Discover(ctx, messages, seg, issue.Options{
		MinMessages: f.minMessages, MinCustomers: f.minCustomers, Progress: progress,
	})
	_ = bar.Finish() // only the terminal
	if err != nil {
		return err
	}
	told.issues = issue.Match(nil, messages, found.Issues)
	if err := writeFound(f.out, messages, told.issues); err != nil {
		return err
	}
	if f.issues != "" {
		if err := writeIssues(f.issues, told.issues); err != nil {
			return err
		}
	}
	return told.print(stdout)
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
