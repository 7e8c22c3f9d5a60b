package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"wenguo/ingest"
	"wenguo/ingest/tabular"
)

func newCheck() *cobra.Command {
	var events string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check configuration, policy and calendars; with --event a producer's sample events",
		Args:  cobra.NoArgs,
	}
	load := configFlags(cmd.Flags(), "listen", "demo", "kafka", "clickhouse")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if events == "" {
			return checkConfig(load, cmd.OutOrStdout(), time.Now())
		}
		return checkEvents(events, cmd.OutOrStdout(), time.Now())
	}
	cmd.Flags().String("policy", "", "policy file to check instead of the configured one")
	cmd.Flags().StringVar(&events, "event", "", "file with sample events: NDJSON, one JSON event, or a JSON array")
	return cmd
}

// classNames says in Chinese what a class of refusal means and what to do.
var classNames = map[ingest.Class]string{ //nolint:gochecknoglobals // a constant table
	ingest.ClassOversized:      "超过大小上限，附件请改发引用",
	ingest.ClassInvalidUTF8:    "含有无法识别的字节，请先转换成 UTF-8",
	ingest.ClassNotJSON:        "不是合法的 JSON，每条消息应是一个 JSON 对象",
	ingest.ClassWrongType:      "类型不对，请按 docs/event.schema.json 填写",
	ingest.ClassMissingField:   "必填内容缺失，请补上",
	ingest.ClassInvalidValue:   "取值不合规，请改正",
	ingest.ClassUnknownKind:    "事件类型未知，请从 docs/event.schema.json 的列表中选取",
	ingest.ClassTimeOutOfRange: "时间超出允许范围，请检查时钟、时区和日期格式",
	ingest.ClassUnstorable:     "数据库拒收这一行，请检查表的类型与约束，修正后重放",
}

// fault gives one line on a refusal: field and remedy in Chinese, then the exact sentence.
func fault(e *ingest.Error) string {
	return fmt.Sprintf("%s：%s（%s）", e.Field, classNames[e.Class], e.Error())
}

// sample is one event of a file and where it stands there.
type sample struct {
	place string
	raw   []byte
}

// checkEvents prints a verdict per event. An event without bus_time is held against now.
func checkEvents(path string, out io.Writer, now time.Time) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("check events: %w", err)
	}
	samples := split(content)
	if len(samples) == 0 {
		return fmt.Errorf("check events: %s holds no event", path)
	}
	bad := 0
	for _, s := range samples {
		event, err := checkEvent(s.raw, now)
		if err != nil {
			bad++
			_, err = fmt.Fprintf(out, "%s 错误 error  %s\n", s.place, fault(ingest.AsError(err)))
		} else {
			_, err = fmt.Fprintf(out, "%s 正确 ok  %s %s %s%s\n", s.place, event.Kind.Title(), event.Kind, event.ComplaintID, hint(event))
		}
		if err != nil {
			return fmt.Errorf("check events: %w", err)
		}
	}
	if _, err := fmt.Fprintf(out, "共 %d 条：正确 %d，错误 %d\n", len(samples), len(samples)-bad, bad); err != nil {
		return fmt.Errorf("check events: %w", err)
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d events would be refused", bad, len(samples))
	}
	return nil
}

func checkEvent(raw []byte, now time.Time) (ingest.Event, error) {
	value, busTime, found, err := tabular.SplitBusTime(raw)
	if err != nil {
		return ingest.Event{}, &ingest.Error{Class: ingest.ClassInvalidValue, Field: "bus_time", Reason: err.Error()}
	}
	if !found {
		busTime = now
	}
	event, err := ingest.Decode(value)
	if err == nil {
		err = event.Validate(busTime)
	}
	if err != nil {
		return ingest.Event{}, fmt.Errorf("check event: %w", err)
	}
	return event, nil
}

// hint names the fields whose value will be counted as other.
func hint(e ingest.Event) string {
	fields := ingest.Unlisted(e)
	if len(fields) == 0 {
		return ""
	}
	return "  提示 hint  " + strings.Join(fields, "、") + " 不在列表中，将计为 other"
}

// split finds the events of a file: the elements of an array, one document over many lines, or one event a line.
func split(content []byte) []sample {
	content = bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\xef\xbb\xbf")))
	var items []json.RawMessage
	if bytes.HasPrefix(content, []byte("[")) && json.Unmarshal(content, &items) == nil {
		var samples []sample
		for i, item := range items {
			samples = append(samples, sample{place: fmt.Sprintf("第 %d 个", i+1), raw: item})
		}
		return samples
	}
	firstLine, _, several := bytes.Cut(content, []byte("\n"))
	if !several || json.Valid(content) || opens(firstLine) {
		if len(content) == 0 {
			return nil
		}
		return []sample{{place: "第 1 条", raw: content}}
	}
	var samples []sample
	number := 0
	for line := range bytes.Lines(content) {
		number++
		if line = bytes.TrimSpace(line); len(line) > 0 {
			samples = append(samples, sample{place: fmt.Sprintf("第 %d 行", number), raw: line})
		}
	}
	return samples
}

// opens says that a line begins a document that goes on below it.
func opens(line []byte) bool {
	line = bytes.TrimSpace(line)
	return bytes.Equal(line, []byte("{")) || bytes.Equal(line, []byte("["))
}
