package account_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"wenguo/dashboard/account"
)

func TestABrokenAuditLogIsFound(t *testing.T) {
	const unlock = "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; "
	for name, broken := range map[string]struct{ sql, fault string }{
		"nothing":                          {"SELECT 1", ""},
		"an entry changed":                 {unlock + "UPDATE audit SET who = 'li' WHERE seq = 3", "entry 3 was changed"},
		"an instant changed":               {unlock + "UPDATE audit SET at = at + 1 WHERE seq = 5", "entry 5 was changed"},
		"an entry taken out":               {unlock + "DELETE FROM audit WHERE seq = 2", "entry 2 is missing"},
		"the first taken away":             {unlock + "DELETE FROM audit WHERE seq = 1", "entry 1 is missing"},
		"the end cut off":                  {unlock + "DELETE FROM audit WHERE seq > 3", "the log ends at entry 3, and 5 were written"},
		"an entry changed and hashed anew": {unlock + "UPDATE audit SET who = 'li', hash = '0' WHERE seq = 5", "entry 5 was changed"},
		"two entries exchanged":            {unlock + "UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = -1", "entry 2 does not follow the one before it"},
	} {
		t.Run(name, func(t *testing.T) {
			b, _, _, path := open(t)
			for i := range 5 {
				if err := b.Note(t.Context(), account.Entry{Who: "wang", Role: account.Analyst, Action: "reveal", Object: fmt.Sprintf("C-%d", i)}); err != nil {
					t.Fatal(err)
				}
			}
			db, err := sql.Open("sqlite", path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), broken.sql); err != nil {
				t.Fatal(err)
			}
			c, err := b.VerifyAudit(t.Context())
			if err != nil || c.Fault != broken.fault {
				t.Errorf("got %+v: %v", c, err)
			}
			if broken.fault == "" && (c.Entries != 5 || len(c.Head) != 64) {
				t.Errorf("got %+v", c)
			}
		})
	}
}

func TestTheAuditLogIsOnlyAddedTo(t *testing.T) {
	b, c, _, path := open(t)
	start := c.at
	for i, who := range []string{"wang", "li", "wang"} {
		if err := b.Note(t.Context(), account.Entry{Who: who, Action: "export", Object: fmt.Sprintf("/api/v1/%d.csv", i)}); err != nil {
			t.Fatal(err)
		}
		c.pass(1e9)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{"UPDATE audit SET who = 'x'", "DELETE FROM audit"} {
		if _, err := db.ExecContext(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "only added to") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	for name, want := range map[string]struct {
		f    account.Filter
		seqs string
	}{
		"all, newest first": {account.Filter{Limit: 9}, "3 2 1"},
		"one person":        {account.Filter{Who: "wang", Limit: 9}, "3 1"},
		"behind a page":     {account.Filter{Before: 3, Limit: 1}, "2"},
		"of a time":         {account.Filter{From: start.Add(1e9), To: start.Add(2e9), Limit: 9}, "2"},
		"another action":    {account.Filter{Action: "reveal", Limit: 9}, ""},
		"one thing":         {account.Filter{Object: "/api/v1/0.csv", Limit: 9}, "1"},
	} {
		found, err := b.Entries(t.Context(), want.f)
		var seqs []string
		for _, e := range found {
			seqs = append(seqs, fmt.Sprint(e.Seq))
		}
		if err != nil || strings.Join(seqs, " ") != want.seqs {
			t.Errorf("%s: %v %v", name, seqs, err)
		}
	}
}
