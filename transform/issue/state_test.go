package issue

import (
	"slices"
	"testing"
	"time"
)

func TestStateOf(t *testing.T) {
	at := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	ago := func(days int) time.Time { return at.AddDate(0, 0, -days) }
	steady := slices.Repeat([]int64{100}, 60)
	for name, c := range map[string]struct {
		past Past
		want State
	}{
		"an issue without a complaint is put away":              {Past{Weeks: []int64{0}, All: steady}, Archived},
		"silent for sixty days is archived":                     {Past{ago(300), ago(60), []int64{0, 0, 0, 0, 0, 0, 0, 0, 9, 9}, steady}, Archived},
		"silent for a day less is not":                          {Past{ago(300), ago(59), []int64{0, 0, 0, 0, 0, 0, 0, 0, 9, 9}, steady}, Ongoing},
		"first seen thirteen days ago is new":                   {Past{ago(13), ago(1), []int64{9, 1}, steady}, New},
		"first seen fourteen days ago is not":                   {Past{ago(14), ago(1), []int64{4, 4, 1}, steady}, Ongoing},
		"a steady one goes on":                                  {Past{ago(200), ago(1), slices.Repeat([]int64{6}, 28), steady}, Ongoing},
		"twenty after six a week escalates":                     {Past{ago(200), ago(1), append([]int64{20}, slices.Repeat([]int64{6}, 27)...), steady}, Escalating},
		"fourteen after six a week is chance":                   {Past{ago(200), ago(1), append([]int64{14}, slices.Repeat([]int64{6}, 27)...), steady}, Ongoing},
		"twenty in a week of thrice the volume does not":        {Past{ago(200), ago(1), append([]int64{20}, slices.Repeat([]int64{6}, 27)...), append([]int64{300}, steady...)}, Ongoing},
		"four out of nowhere are too few":                       {Past{ago(200), ago(1), append([]int64{4}, make([]int64, 8)...), steady}, Ongoing},
		"a young issue is compared with the weeks it has lived": {Past{ago(20), ago(1), []int64{8, 6, 5, 0, 0, 0, 0, 0, 0}, steady}, Ongoing},
		"back for two weeks after four silent ones":             {Past{ago(100), ago(1), []int64{5, 4, 0, 0, 0, 0, 8, 7, 9, 8, 7}, steady}, Regressed},
		"back for two weeks after four low ones":                {Past{ago(100), ago(1), []int64{9, 9, 1, 0, 1, 0, 10, 12, 9, 11, 10}, steady}, Regressed},
		"three silent weeks are no absence":                     {Past{ago(100), ago(1), []int64{5, 4, 0, 0, 0, 6, 8, 7, 9, 8, 7}, steady}, Ongoing},
		"back for one week only is not yet back":                {Past{ago(100), ago(1), []int64{4, 0, 0, 0, 0, 0, 8, 7, 9, 8, 7}, steady}, Ongoing},
		"a weak echo is not back":                               {Past{ago(100), ago(1), []int64{1, 2, 0, 0, 0, 0, 8, 7, 9, 8, 7}, steady}, Ongoing},
		"still called back after five weeks":                    {Past{ago(120), ago(1), []int64{5, 6, 5, 4, 6, 0, 0, 0, 0, 8, 7, 9, 8, 7}, steady}, Regressed},
	} {
		if got := StateOf(c.past, at); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
