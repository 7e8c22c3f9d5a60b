package report

import (
	"strconv"
	"strings"

	"wenguo/transform/restate"
)

// Causes are the causes of a difference in one line.
func (w Words) Causes(shares []restate.Share) string {
	var out []string
	for _, s := range shares {
		text := w.Cause(s.Cause)
		if s.Complaints > 0 {
			text += " " + strconv.Itoa(s.Complaints) + " 件"
		}
		out = append(out, text)
	}
	return strings.Join(out, "；")
}

// restated says what of a published period answers otherwise today; nothing before it is published.
func (w work) restated(number string) ([]Block, error) {
	if w.o.published == nil || w.Restated == nil {
		return nil, nil
	}
	differences, err := w.Restated(w.ctx, *w.o.published)
	if err != nil {
		return nil, err
	}
	if len(differences) == 0 {
		return []Block{{Heading: number + "与已发布数字的差异", Text: []string{"本件的数字与已发布的完全一致。"}}}, nil
	}
	var rows [][]any
	for _, d := range differences {
		rows = append(rows, []any{
			name(d.KPI), w.value(d.KPI, d.Published), d.Published.N, w.value(d.KPI, d.Now), d.Now.N, w.Words.Causes(d.Causes),
		})
	}
	was, is := count("已发布 n（件）"), count("现在 n（件）")
	was.Under, is.Under = N, N
	return []Block{{
		Heading: number + "与已发布数字的差异",
		Text:    []string{"下列指标按同一截至时刻重算，与发布时不同；本件各表用重算的数字，已发布的数字仍然保存，不会改写。"},
		Table: &Table{Rows: rowsOf(rows), Columns: []Column{
			text("指标"), narrow("已发布"), was, narrow("现在"), is, text("原因"),
		}},
	}}, nil
}
