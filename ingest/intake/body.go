package intake

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"wenguo/ingest"
)

// form is how events stand in a body.
type form int

const (
	formJSON  form = iota // an object, or an array of objects
	formLines             // an object a line
)

// formOf reads the content type.
func formOf(header string) (form, bool) {
	media, parameters, err := mime.ParseMediaType(header)
	if err != nil {
		return 0, false
	}
	if charset := strings.ToLower(parameters["charset"]); charset != "" && charset != "utf-8" && charset != "utf8" {
		return 0, false
	}
	switch media {
	case "application/json", "application/cloudevents+json", "application/cloudevents-batch+json":
		return formJSON, true
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines":
		return formLines, true
	}
	return 0, false
}

// readBody reads at most limit bytes, packed and unpacked.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	var in io.Reader = http.MaxBytesReader(w, r.Body, limit)
	switch strings.ToLower(r.Header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip":
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, asBroken("正文不是有效的 gzip", err)
		}
		in = unpacked
	default:
		return nil, problemf(http.StatusUnsupportedMediaType, "不支持的压缩方式", "Content-Encoding 只接受 gzip，或不压缩。")
	}
	body, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, asBroken("正文没有收全", err)
	}
	if int64(len(body)) > limit {
		return nil, tooLarge(limit)
	}
	return body, nil
}

func asBroken(title string, err error) error {
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(large.Limit)
	}
	return problemf(http.StatusBadRequest, title, "请检查发送端后重发同样的事件，不会重复计数。")
}

func tooLarge(limit int64) error {
	return problemf(http.StatusRequestEntityTooLarge, "请求太大", fmt.Sprintf("正文（解压后）最多 %d 字节（intake.max_bytes），请分批发送。", limit))
}

func tooMany(limit int) error {
	return problemf(http.StatusRequestEntityTooLarge, "事件太多", fmt.Sprintf("一次最多 %d 个事件（intake.max_events），请分批发送。", limit))
}

// split gives each event's own bytes. A line that is no JSON is an event that Decode refuses; only an array must be read to
// be split, so a broken one is refused as a whole.
func split(body []byte, f form, limit int) ([]json.RawMessage, error) {
	trimmed := bytes.TrimSpace(body)
	if f == formLines {
		return splitLines(trimmed, limit)
	}
	if len(trimmed) == 0 || trimmed[0] != '[' {
		return []json.RawMessage{trimmed}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(trimmed))
	if _, err := decoder.Token(); err != nil {
		return nil, brokenArray(0)
	}
	var events []json.RawMessage
	for decoder.More() {
		if len(events) == limit {
			return nil, tooMany(limit)
		}
		var event json.RawMessage
		if err := decoder.Decode(&event); err != nil {
			return nil, brokenArray(len(events))
		}
		events = append(events, event)
	}
	if _, err := decoder.Token(); err != nil {
		return nil, brokenArray(len(events))
	}
	if rest := bytes.TrimSpace(trimmed[decoder.InputOffset():]); len(rest) > 0 {
		return nil, brokenArray(len(events))
	}
	return events, nil
}

func splitLines(body []byte, limit int) ([]json.RawMessage, error) {
	var events []json.RawMessage
	for line := range bytes.SplitSeq(body, []byte{'\n'}) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if len(events) == limit {
			return nil, tooMany(limit)
		}
		events = append(events, line)
	}
	return events, nil
}

func brokenArray(index int) error {
	return refused([]Fault{{
		Index: index, Class: ingest.ClassNotJSON, Field: ingest.FieldMessage,
		Reason: "is no JSON here: send an array of event objects, or one object a line as application/x-ndjson",
	}}, 1)
}
