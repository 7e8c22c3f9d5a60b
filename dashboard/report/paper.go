package report

import "slices"

// Format of a paper.
type Format string

// Formats; each is also the ending of a file.
const (
	HTML Format = "html"
	PDF  Format = "pdf"
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// Media is the type for Content-Type.
func (f Format) Media() string {
	switch f {
	case HTML:
		return "text/html; charset=utf-8"
	case PDF:
		return "application/pdf"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case CSV:
		return "text/csv; charset=utf-8"
	}
	return "application/octet-stream"
}

// Paper is one that can be made.
type Paper struct {
	// Name is how it is asked for; Title stands on it; For says who it is for and what it answers.
	Name, Title, For string
	// Formats that it is written in. CSV is there where the paper is one table.
	Formats []Format
}

// Papers lists them in the order in which a committee reaches for them.
var Papers = []Paper{ //nolint:gochecknoglobals // a constant list
	{"statistics", "客户投诉案件统计表", "每月 5 日前报送：收到多少、办了多少、做到了没有", []Format{HTML, PDF, XLSX}},
	{"bulletin", "客户投诉处理情况通报", "发给各部门：基本情况、回访情况、热点问题、改进情况", []Format{HTML, PDF, XLSX}},
	{"pack", "投诉改进委员会会议材料", "月度或季度会议：走势、部门、问题、整改", []Format{HTML, PDF, XLSX}},
	{"record", "客户投诉记录表", "一件投诉一行，备查", []Format{HTML, PDF, XLSX, CSV}},
	{"departments", "部门处理情况表", "各部门的来件、办结、时效与满意", []Format{HTML, PDF, XLSX, CSV}},
	{"agents", "经办人处理情况表", "各经办人的来件、办结、时效与满意", []Format{HTML, PDF, XLSX, CSV}},
	{"capa", "纠正与预防措施报告", "每项整改一页：原因、措施、验证", []Format{HTML, PDF, XLSX}},
}

// PaperNamed finds a paper.
func PaperNamed(name string) (Paper, bool) {
	i := slices.IndexFunc(Papers, func(p Paper) bool { return p.Name == name })
	if i < 0 {
		return Paper{}, false
	}
	return Papers[i], true
}

// Names of all papers.
func Names() []string {
	names := make([]string, len(Papers))
	for i, p := range Papers {
		names[i] = p.Name
	}
	return names
}
