package dashboard

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/munnerz/goautoneg"

	"wenguo/dashboard/openapi"
	"wenguo/dashboard/sheet"
)

// contract is what the API promises: an operation for every route, and the document made of them.
type contract struct {
	byRoute map[string]operation
	// document is made when it is first asked for.
	document func() ([]byte, error)
}

// file is an operation as an address of its own that ends with the format's name: a whole list, without pages.
func (o operation) file(f sheet.Format) operation {
	o.Path += "." + string(f)
	o.ID += map[sheet.Format]string{sheet.CSV: "Csv", sheet.XLSX: "Xlsx"}[f]
	o.Summary += "（" + strings.ToUpper(string(f)) + " 文件）"
	o.Description = "与 Accept: " + mediaOf[f] + " 相同：整张清单，不分页。"
	o.Media, o.Only = map[string]string{mediaOf[f]: mediaWords[f]}, true
	o.Parameters = slices.DeleteFunc(slices.Clone(o.Parameters), func(p openapi.Parameter) bool { return paging(p.Name) })
	return o
}

var mediaOf = map[sheet.Format]string{sheet.CSV: sheet.MediaCSV, sheet.XLSX: sheet.MediaXLSX} //nolint:gochecknoglobals // a constant table

var mediaWords = map[sheet.Format]string{ //nolint:gochecknoglobals // a constant table
	sheet.CSV: "UTF-8（带 BOM），RFC 4180，公式已失效化，时刻用本组织时区", sheet.XLSX: "工作表，首行冻结，文本一律是文本",
}

// paging says whether a parameter is about pages of a list, of which a file has none.
func paging(name string) bool { return name == "limit" || slices.Contains(cursors, name) }

func newContract(version string) contract {
	k := contract{byRoute: map[string]operation{}}
	var described []openapi.Operation
	for _, o := range operations() {
		all := []operation{o}
		if o.Table != nil {
			o.Media = mediaWordsByType()
			all = []operation{o, o.file(sheet.CSV), o.file(sheet.XLSX)}
		}
		for _, one := range all {
			k.byRoute[one.Route()] = one
			described = append(described, one.Operation)
		}
	}
	k.document = sync.OnceValues(func() ([]byte, error) {
		return openapi.Build(openapi.Info{
			Title: "闻过 wenguo", Version: version, Problem: problemAnswer{}, Enums: enums(), Tags: tags,
			Description: "页面上的每个数都能从这里取到，筛选与页面相同。只读地址也回答 HEAD。错误是 application/problem+json，type 不变。用法见 docs/api.md。",
		}, described)
	})
	return k
}

func mediaWordsByType() map[string]string {
	return map[string]string{sheet.MediaCSV: mediaWords[sheet.CSV], sheet.MediaXLSX: mediaWords[sheet.XLSX]}
}

// checked refuses what an operation does not declare and finds the form of the answer. A route without operation passes; a
// test fails for it.
func (s *Server) checked(c *gin.Context) {
	o, known := s.api.byRoute[c.Request.Method+" "+c.FullPath()]
	if !known {
		c.Next()
		return
	}
	format, err := formOf(c, o)
	if err == nil {
		err = declared(c, o, format)
	}
	if err != nil {
		s.fail(c, err)
		return
	}
	if format != "" {
		c.Set(formatKey, format)
		c.Set(operationKey, o)
	}
	places := s.reads
	if format != "" {
		places = s.exports
	}
	select {
	case places <- struct{}{}:
		defer func() { <-places }()
		c.Next()
	default:
		s.fail(c, errBusy)
	}
}

// Keys of what checked finds out.
const (
	formatKey    = "wenguo.format"
	operationKey = "wenguo.operation"
)

// declared compares a request with the operation's parameters.
func declared(c *gin.Context, o operation, format sheet.Format) error {
	query := c.Request.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		p, ok := o.Parameter(name)
		switch {
		case !ok && len(o.Names()) == 0:
			return badField(sheet.Plain(name), "不认识这个参数；这个地址不用参数")
		case !ok && paging(name):
			return badField(name, "文件是整张清单，不分页：去掉这个参数")
		case !ok:
			return badField(sheet.Plain(name), "不认识这个参数；可用 "+strings.Join(o.Names(), "、"))
		case format != "" && paging(name):
			return badField(name, "文件是整张清单，不分页：去掉这个参数")
		}
		if fault := p.Check(query[name]); fault != "" {
			return badField(name, fault)
		}
	}
	for _, p := range c.Params {
		fault := openapi.Parameter{Name: p.Key, In: openapi.Path}.Check([]string{p.Value})
		if fault != "" {
			return badField(p.Key, fault)
		}
	}
	return nil
}

// formOf is the form of the answer: a file's format, or none for JSON.
func formOf(c *gin.Context, o operation) (sheet.Format, error) {
	for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
		if o.Only && strings.HasSuffix(o.Path, "."+string(f)) {
			return f, nil
		}
	}
	c.Header("Vary", "Accept")
	accept := strings.Join(c.Request.Header.Values("Accept"), ",")
	if accept == "" || o.Verb() != http.MethodGet {
		return "", nil
	}
	offered := []string{"application/json"}
	if o.Table != nil {
		offered = append(offered, sheet.MediaCSV, sheet.MediaXLSX)
	}
	switch goautoneg.Negotiate(accept, offered) {
	case "application/json":
		return "", nil
	case sheet.MediaCSV:
		return sheet.CSV, nil
	case sheet.MediaXLSX:
		return sheet.XLSX, nil
	}
	return "", notAcceptable{offered}
}

// document serves the description.
func (s *Server) document(c *gin.Context) {
	body, err := s.api.document()
	if err != nil {
		s.fail(c, err)
		return
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	c.Header("ETag", tag)
	c.Header("Cache-Control", "no-cache")
	if fresh(c, tag) {
		c.Status(http.StatusNotModified)
		return
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", body)
}

// files gives every table an address for each format, with the handler of its operation.
func (s *Server) files(r *gin.Engine, api *gin.RouterGroup) {
	for _, route := range r.Routes() {
		o, known := s.api.byRoute[route.Method+" "+route.Path]
		if !known || o.Table == nil {
			continue
		}
		for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
			api.GET(strings.TrimPrefix(route.Path, apiRoot)+"."+string(f), route.HandlerFunc)
		}
	}
}
