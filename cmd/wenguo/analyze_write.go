package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"wenguo/transform/duplicate"
	"wenguo/transform/issue"
)

func writeFound(path string, messages []issue.Message, issues []issue.Issue) error {
	of := make([]string, len(messages))
	for _, is := range issues {
		for _, m := range is.Members {
			of[m] = is.ID
		}
	}
	return writeCSV(path, []string{"id", "issue"}, func(write func(...string) error) error {
		for i, m := range messages {
			if err := write(m.ID, of[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

func writeIssues(path string, issues []issue.Issue) error {
	header := []string{"issue", "name", "keywords", "messages", "customers", "first_seen", "last_seen"}
	return writeCSV(path, header, func(write func(...string) error) error {
		for _, is := range issues {
			err := write(is.ID, harmless(is.Name), harmless(strings.Join(keywords(is), " ")), strconv.Itoa(len(is.Members)),
				strconv.Itoa(is.Customers), day(is.FirstSeen), day(is.LastSeen))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// writeDuplicates writes all pairs of near-duplicates, one by one, because a text sent ten thousand times makes fifty
// million. It returns their number and how many messages are in one.
func writeDuplicates(
	ctx context.Context, path string, messages []issue.Message, progress func(float64),
) (pairs, inside int, err error) {
	messages = slices.Clone(messages)
	slices.SortFunc(messages, func(a, b issue.Message) int { return strings.Compare(a.ID, b.ID) })
	index, err := duplicate.New(ctx, issue.Bodies(messages))
	if err != nil {
		return 0, 0, err
	}
	err = writeCSV(path, []string{"a", "b", "similarity"}, func(write func(...string) error) error {
		for i := range messages {
			if err := ctx.Err(); err != nil {
				return err
			}
			matches := index.Of(i)
			if len(matches) > 0 {
				inside++
			}
			for _, m := range matches {
				if m.Text < i {
					continue
				}
				pairs++
				if err := write(messages[i].ID, messages[m.Text].ID, strconv.FormatFloat(m.Similarity, 'f', 4, 64)); err != nil {
					return err
				}
			}
			progress(float64(i) / float64(len(messages)))
		}
		return nil
	})
	return pairs, inside, err
}

// harmless keeps a spreadsheet from running a text as a formula: an apostrophe goes before what would be one. Ids stay as
// they are, because programs compare them.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateTime)
}

// writeCSV makes a file of rows that follow one by one.
func writeCSV(path string, header []string, rows func(write func(...string) error) error) error {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	buffer := bufio.NewWriterSize(f, 1<<16)
	w := csv.NewWriter(buffer)
	write := func(cells ...string) error { return w.Write(cells) }
	err = write(header...)
	if err == nil {
		err = rows(write)
	}
	w.Flush()
	if err := errors.Join(err, w.Error(), buffer.Flush(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
