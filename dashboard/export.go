package dashboard

import (
	"context"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/dashboard/sheet"
)

// rowsPerBreath is how many rows are written before the connection's time-out begins anew.
const rowsPerBreath = 2000

// download makes a file of an answer. The header goes out with the first rows; what fails before them is a problem like
// any other, what fails behind them cuts the connection, so that half a file is never taken for a whole one.
func (s *Server) download(c *gin.Context, v view, read func(context.Context) (any, error)) {
	format, _ := c.MustGet(formatKey).(sheet.Format)
	o, _ := c.MustGet(operationKey).(operation)
	if !s.may(c, account.Export) {
		s.fail(c, forbidden(account.Export))
		return
	}
	if err := s.note(c.Request.Context(), noteExport, exported(c.Request.URL), string(format)); err != nil {
		s.fail(c, err)
		return
	}
	ctx, cancel := context.WithTimeout(unbounded(c), s.cfg.ExportTimeout)
	defer cancel()
	name, columns := s.headers(c, o.Table)
	out := &download{Context: c, name: fileName(name, v, format), media: format.Media(), limit: s.cfg.QueryTimeout + writeSlack}
	out.breathe()
	w, err := sheet.New(format, out, s.cfg.Zone, name, columns)
	if err != nil {
		s.fail(c, err)
		return
	}
	defer w.Discard()
	if err = s.write(ctx, c, o.Table, v, read, func(cells ...any) error {
		if out.rows++; out.rows%rowsPerBreath == 0 {
			out.breathe()
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		return w.Row(cells...)
	}); err == nil && !headOnly(c) {
		err = w.Close()
	}
	switch {
	case err == nil:
		out.head()
	case out.begun:
		s.log.Error("file cut off", slog.String("path", c.FullPath()), slog.Any("error", err))
		panic(http.ErrAbortHandler)
	default:
		s.fail(c, err)
	}
}

// write gives the rows of a table.
func (s *Server) write(ctx context.Context, c *gin.Context, t *table, v view, read func(context.Context) (any, error), row func(...any) error) error {
	if t.stream != nil {
		if headOnly(c) {
			return nil
		}
		return t.stream(ctx, s, c, v, row)
	}
	answer, err := read(ctx)
	if err != nil {
		return err
	}
	rows, err := t.rows(v, answer)
	if err != nil {
		return err
	}
	for cells := range rows {
		if err := row(cells...); err != nil {
			return err
		}
	}
	return nil
}

// download is the connection that a file goes to.
type download struct {
	*gin.Context

	name, media string
	begun       bool
	rows        int
	limit       time.Duration
}

// head sends the header once.
func (d *download) head() {
	if d.begun {
		return
	}
	d.begun = true
	d.Header("Content-Type", d.media)
	d.Header("Content-Disposition", d.name)
	d.Header("Cache-Control", "private, no-store")
	d.Status(http.StatusOK)
}

// Write sends the header before the first bytes.
func (d *download) Write(b []byte) (int, error) {
	d.head()
	n, err := d.Writer.Write(b)
	if err != nil {
		return n, fmt.Errorf("send file: %w", err)
	}
	return n, nil
}

// breathe lets the connection live on: its time-out is for one breath, not for the file.
func (d *download) breathe() {
	_ = http.NewResponseController(d.Writer).SetWriteDeadline(time.Now().Add(d.limit)) // a recorder in a test has none
}

// longestName bounds a file's name, in characters.
const longestName = 80

// fileName is the header that names a file after the table, its period and its filters; in ASCII for old programs too.
func fileName(name string, v view, f sheet.Format) string {
	days := v.Period.From.Format(time.DateOnly) + "_" + v.Period.To.Add(-time.Nanosecond).Format(time.DateOnly)
	full := name + "_" + days
	for _, d := range dimensions {
		for _, value := range v.Slice[d] {
			full += "_" + dimensionNames[d] + "-" + valueName(d, value)
		}
	}
	full = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, sheet.Plain(full))
	if runes := []rune(full); len(runes) > longestName {
		full = string(runes[:longestName-1]) + "…"
	}
	header := mime.FormatMediaType("attachment", map[string]string{"filename": full + "." + string(f)})
	return strings.Replace(header, "attachment;", `attachment; filename="wenguo_`+days+"."+string(f)+`";`, 1)
}

// unbounded is the request's context without the time for one answer.
func unbounded(c *gin.Context) context.Context {
	if ctx, ok := c.MustGet(requestKey).(context.Context); ok {
		return ctx
	}
	return c.Request.Context()
}

const requestKey = "wenguo.request"
