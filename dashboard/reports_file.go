package dashboard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/report"
	"wenguo/dashboard/sheet"
	"wenguo/transform"
)

// paper makes a paper. It is written to a file first: one that fails on the way must not leave half of itself.
func (s *Server) paper(c *gin.Context) {
	p, known := report.PaperNamed(c.Param("paper"))
	if !known {
		s.fail(c, transform.ErrNotFound)
		return
	}
	format := report.Format(c.DefaultQuery("format", string(report.HTML)))
	if !slices.Contains(p.Formats, format) {
		s.fail(c, badField("format", "这份材料没有这种格式"))
		return
	}
	of, err := s.papersOf(c.Query("of"), s.deps.Now())
	if err != nil {
		s.fail(c, err)
		return
	}
	order := report.Order{Paper: p.Name, Period: of, Action: c.Query("action")}
	if text := c.Query("as_of"); text != "" {
		if order.AsOf, err = parseInstant(text, s.cfg.Zone); err != nil {
			s.fail(c, badField("as_of", "截至时刻要写成 2026-11-05T00:00:00+08:00 这样"))
			return
		}
	}
	select {
	case s.exports <- struct{}{}:
		defer func() { <-s.exports }()
	default:
		s.fail(c, errBusy)
		return
	}
	ctx, cancel := context.WithTimeout(unbounded(c), s.cfg.ExportTimeout)
	defer cancel()
	_ = http.NewResponseController(c.Writer).SetWriteDeadline(time.Now().Add(s.cfg.ExportTimeout + writeSlack)) // a recorder in a test has none
	file, size, err := s.written(ctx, order, format)
	if err != nil {
		s.fail(c, asPaperRefusal(err))
		return
	}
	defer func() {
		if err := errors.Join(file.Close(), os.Remove(file.Name())); err != nil {
			s.log.Warn("remove a paper", slog.Any("error", err))
		}
	}()
	s.sendPaper(c, p, of, format, file, size)
}

// written makes a paper in a temporary file, read from its beginning.
func (s *Server) written(ctx context.Context, order report.Order, format report.Format) (*os.File, int64, error) {
	maker := PaperMaker(s.deps.Reader, s.cfg.Zone)
	order, err := maker.Settle(ctx, order)
	if err != nil {
		return nil, 0, err
	}
	d, err := maker.Make(ctx, order)
	if err != nil {
		return nil, 0, err
	}
	file, err := os.CreateTemp("", "wenguo-paper-*")
	if err != nil {
		return nil, 0, fmt.Errorf("make a paper: %w", err)
	}
	err = s.papers.Write(ctx, file, d, format, s.deps.Browser)
	var size int64
	if err == nil {
		size, err = file.Seek(0, io.SeekCurrent)
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, 0, errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	return file, size, nil
}

// sendPaper shows HTML in the browser, under a policy by which nothing runs in it, and sends anything else as a file.
func (s *Server) sendPaper(c *gin.Context, p report.Paper, of report.Period, format report.Format, file io.Reader, size int64) {
	c.Header("Content-Type", format.Media())
	c.Header("Content-Length", strconv.FormatInt(size, 10))
	c.Header("Cache-Control", "private, no-store")
	if format == report.HTML {
		c.Header("Content-Security-Policy", s.papers.Policy())
	} else {
		full := mime.FormatMediaType("attachment", map[string]string{"filename": sheet.Plain(p.Title) + "_" + of.Key + "." + string(format)})
		c.Header("Content-Disposition", `attachment; filename="wenguo_`+p.Name+"_"+of.Key+"."+string(format)+`"`+full[len("attachment"):])
	}
	c.Status(http.StatusOK)
	if headOnly(c) {
		return
	}
	if _, err := io.Copy(c.Writer, file); err != nil {
		panic(http.ErrAbortHandler) // cut the connection: half a paper is never taken for a whole one
	}
}

// asPaperRefusal tells what a person can do about it.
func asPaperRefusal(err error) error {
	switch {
	case errors.Is(err, report.ErrNoBrowser):
		return refusal{
			status: http.StatusNotImplemented, title: "这台机器不能生成 PDF", detail: "没有找到 Chromium 或 Chrome。",
			remedy: "请管理员安装（Debian：apt-get install chromium fonts-noto-cjk）；也可以先取 HTML 或 XLSX，或在浏览器里打印预览页。",
		}
	case errors.Is(err, report.ErrNoType):
		return refusal{
			status: http.StatusNotImplemented, title: "这台机器不能生成 PDF", detail: "没有安装中文字体，印出来只有方框。",
			remedy: "请管理员安装（Debian：apt-get install fonts-noto-cjk）；也可以先取 HTML 或 XLSX。",
		}
	case errors.Is(err, report.ErrTooLong):
		return refusal{
			status: http.StatusRequestEntityTooLarge, title: "太长，不能生成 PDF", detail: "这份材料超过约两万行。", remedy: "请改用 XLSX 或 CSV，或选一个较短的统计期。",
		}
	}
	return err
}
