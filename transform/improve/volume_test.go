package improve_test

import (
	"fmt"
	"strings"
	"testing"

	"wenguo/transform/improve"
)

func TestVolumes(t *testing.T) {
	for name, text := range map[string]string{
		"no header":         "2026-01-05,10\n",
		"no row":            "day,volume\n",
		"a day twice":       "day,volume\n2026-01-05,1\n2026-01-05,2\n",
		"no date":           "day,volume\n5.1.2026,1\n",
		"a negative volume": "day,volume\n2026-01-05,-1\n",
		"no number":         "day,volume\n2026-01-05,many\n",
		"not a number":      "day,volume\n2026-01-05,NaN\n",
		"a third column":    "day,volume\n2026-01-05,1,2\n",
	} {
		if v, err := improve.ParseVolumes(strings.NewReader(text)); err == nil {
			t.Errorf("%s is read as %v", name, v)
		}
	}
	var text strings.Builder
	text.WriteString("\ufeffday,volume\n")
	for day := range 7 * 6 {
		if day != 9 { // in the second week
			fmt.Fprintf(&text, "%s,%d\n", week(0).AddDate(0, 0, day).Format("2006-01-02"), 100)
		}
	}
	v, err := improve.ParseVolumes(strings.NewReader(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	h := improve.History{Issue: "i", Exposure: improve.ByComplaints, Weeks: weeks(around(10, 8)...)}
	got := h.Against(v)
	if got.Exposure != improve.ByVolume || len(got.Weeks) != 4 || got.Weeks[0].Start != week(2) || got.Weeks[3].Start != week(5) || got.Weeks[0].Exposure != 700 {
		t.Errorf("%+v", got)
	}
	if h.Weeks[2].Exposure != 400 {
		t.Error("the history itself was changed")
	}
	if got := h.Against(improve.Volumes{"2026-01-05": 1}); got.Exposure != improve.ByComplaints || len(got.Weeks) != 8 {
		t.Errorf("without a whole week: %+v", got)
	}
}
