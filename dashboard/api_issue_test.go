package dashboard_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"wenguo/transform/issue"
)

func TestMembersOfAnIssueComePageByPage(t *testing.T) {
	h := open(t, &sample{})
	var ids []string
	address := "/api/v1/issues/I-0001/members?limit=1"
	for range 9 {
		var answer struct {
			Items []issue.Member `json:"items"`
			Next  string         `json:"next"`
		}
		w := get(t, h, address)
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || len(answer.Items) != 1 {
			t.Fatalf("%s answers %d %s", address, w.Code, w.Body)
		}
		ids = append(ids, answer.Items[0].ComplaintID)
		if len(answer.Items[0].Words) == 0 || answer.Items[0].Shared == 0 {
			t.Errorf("%s is there for no reason", ids[len(ids)-1])
		}
		if answer.Next == "" {
			break
		}
		address = "/api/v1/issues/I-0001/members?limit=1&after=" + answer.Next
	}
	if want := []string{"C-2026-000151", "C-2026-000140", "C-2026-000123"}; !slices.Equal(ids, want) {
		t.Errorf("got %v", ids)
	}
}

func TestIssueAddresses(t *testing.T) {
	h := open(t, &sample{})
	for sentence, c := range map[string]struct {
		address string
		status  int
		says    string
	}{
		"lineage names what was taken over":         {"/api/v1/issues/I-0001/lineage", http.StatusOK, `"merged_from":["I-0090"]`},
		"lineage names the parts":                   {"/api/v1/issues/I-0001/lineage", http.StatusOK, `"split_into":["I-0002"]`},
		"an unknown issue has no lineage":           {"/api/v1/issues/I-none/lineage", http.StatusNotFound, ""},
		"an unknown issue has no members":           {"/api/v1/issues/I-none/members", http.StatusNotFound, ""},
		"members are bounded":                       {"/api/v1/issues/I-0001/members?limit=201", http.StatusBadRequest, `limit`},
		"a page is asked for as it was given":       {"/api/v1/issues/I-0001/members?after=!", http.StatusBadRequest, `after`},
		"a complaint says why it is where it is":    {"/api/v1/complaints/C-2026-000123/issue", http.StatusOK, `"word":"收不到"`},
		"a complaint in no issue says so":           {"/api/v1/complaints/C-9/issue", http.StatusNotFound, ""},
		"the page tells what was taken over":        {"/issues/I-0001", http.StatusOK, `并入了<q translate="no">短信收不到</q>，12 件投诉`},
		"the page leads to the part that was split": {"/issues/I-0001", http.StatusOK, `拆出<q translate="no">退款到账超过承诺时间</q>，7 件投诉`},
	} {
		t.Run(sentence, func(t *testing.T) {
			w := get(t, h, c.address)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("got %d, want %d with %q:\n%s", w.Code, c.status, c.says, w.Body)
			}
		})
	}
}
