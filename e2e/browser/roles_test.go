package browser

import (
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	_ "modernc.org/sqlite" // to break the audit log as somebody with the file would

	"wenguo/dashboard/account"
	"wenguo/e2e/program"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

const rolePassword = "correct horse battery"

// twoDepartments puts complaints of two departments on the bus: L-… of 物流部, P-… of 支付部, 24 in all.
func twoDepartments(t *testing.T, up *program.Up) {
	t.Helper()
	var messages []ingest.Message
	say := func(id, n, kind string, at time.Time, data map[string]any) {
		value, err := json.Marshal(map[string]any{
			"event_id": id + "-" + n, "complaint_id": id, "kind": kind, "occurred_at": at.UTC().Format(time.RFC3339), "source": "test",
			"actor": map[string]any{"id": "a1", "role": "agent"}, "data": data,
		})
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, ingest.Message{Key: id, Value: value, Time: time.Now()})
	}
	for i := range 24 {
		id, department, title, content := fmt.Sprintf("L-%02d", i), "物流部", "快递柜超时收费", "取件码一直收不到，我是李建国，电话 13800001234"
		if i%2 > 0 {
			id, department, title, content = fmt.Sprintf("P-%02d", i), "支付部", "退款没有到账", "客服说三天，支付账户没有变化"
		}
		at := time.Now().Add(-time.Duration(30+i) * time.Hour)
		say(id, "1", "registered", at, map[string]any{
			"channel": "app", "category": "测试/角色", "priority": "normal", "title": title, "content": content, "order_ref": "DD20260001",
			"customer": map[string]any{"id": "u" + id, "name": "李建国", "phone": "13800001234"},
		})
		say(id, "2", "dispatched", at.Add(time.Hour), map[string]any{"department": department})
	}
	cfg := kafka.DefaultConfiguration()
	cfg.Brokers = up.Kafka
	producer := kafka.NewProducer(cfg, cfg.Topic)
	if err := producer.Produce(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
	if err := producer.Close(); err != nil {
		t.Fatal(err)
	}
}

// signIn leaves the session before and signs in by the page.
func (b *browsing) signIn(t *testing.T, login string) {
	t.Helper()
	b.visit(t, "/settings")
	if b.count(t, `form[action="/sign-out"]`) > 0 {
		b.follow(t, `form[action="/sign-out"] button`)
	}
	b.do(t, chromedp.SetValue(`.door input[name="login"]`, login, chromedp.ByQuery), chromedp.SetValue(`.door input[name="password"]`, rolePassword, chromedp.ByQuery))
	b.follow(t, ".door button")
}

func TestEachRoleSeesItsOwn(t *testing.T) {
	program.Path(t)
	t.Chdir(t.TempDir())
	up := program.Start(t, "data", nil, "--accounts")
	if !strings.Contains(up.Log(), "/welcome/") {
		t.Errorf("no link for the first administrator is printed: %s", up.Log())
	}
	b := open(t, "http://"+up.Listen)
	twoDepartments(t, up)
	_, rest, _ := strings.Cut(up.Log(), "/welcome/")
	b.visit(t, "/welcome/"+strings.Fields(rest)[0])
	b.picture(t, "roles-welcome")
	b.do(t, chromedp.SetValue(`input[name="login"]`, "root", chromedp.ByQuery),
		chromedp.SetValue(`.door input[name="password"]`, rolePassword, chromedp.ByQuery), chromedp.SetValue(`.door input[name="again"]`, rolePassword, chromedp.ByQuery))
	b.follow(t, ".door button.primary")
	book, err := account.Open(t.Context(), "data/"+account.File, account.DefaultConfiguration(), time.Now, rand.Reader) // as the command does
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []account.Person{
		{Login: "wang", Role: account.Analyst},
		{Login: "liu", Role: account.Department, Departments: []string{"物流部"}},
		{Login: "ops", Role: account.Operations},
		{Login: "boss", Role: account.Executive},
		{Login: "board", Role: account.Committee},
	} {
		if _, err := book.Add(t.Context(), p, rolePassword); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(2 * time.Minute); !strings.Contains(b.listed(t), "24"); time.Sleep(time.Second) {
		if time.Now().After(deadline) {
			t.Fatalf("the list says %q", b.listed(t))
		}
	}
	for _, r := range []struct{ login, total, pages string }{
		{"liu", "12", "/ /issues /complaints"}, {"wang", "24", "/ /issues /complaints /alerts /quality"}, {"board", "24", "/ /complaints /quality"}, {"boss", "24", "/ /complaints /alerts"}, {"ops", "", "/alerts /quality"},
	} {
		t.Run(r.login, func(t *testing.T) {
			b.signIn(t, r.login)
			b.picture(t, "roles-home-"+r.login)
			for page := range strings.FieldsSeq(r.pages) {
				b.visit(t, page)
			}
			if r.total != "" && !strings.Contains(b.listed(t), r.total) {
				t.Errorf("%s sees %q", r.login, b.listed(t))
			}
			if n := b.count(t, `nav a[href^="/complaints"]`); (n > 0) != (r.total != "") {
				t.Errorf("the navigation of %s has %d ways to complaints", r.login, n)
			}
		})
	}
	t.Run("a department does not learn that a complaint of others exists", func(t *testing.T) {
		b.signIn(t, "liu")
		answer := func(id string) string {
			if err := chromedp.Run(b, chromedp.Navigate(b.base+"/complaints/"+id), chromedp.Sleep(300*time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			b.forgive() // the browser writes down each 404
			return strings.ReplaceAll(b.text(t, "main"), id, "")
		}
		if foreign, missing := answer("P-01"), answer("P-99"); foreign != missing || !strings.Contains(foreign, "404") {
			t.Errorf("%q and %q", foreign, missing)
		}
	})
	t.Run("an original is shown on asking, and stands in the log", func(t *testing.T) {
		b.visit(t, "/complaints/L-00")
		if text := b.text(t, "main"); strings.Contains(text, "13800001234") || strings.Contains(text, "李建国") {
			t.Error("it is shown unasked")
		}
		b.do(t, chromedp.SetValue(`input[name="why"]`, "回访", chromedp.ByQuery), chromedp.Click(".reveal button", chromedp.ByQuery), chromedp.Sleep(time.Second))
		if text := b.text(t, "main"); !strings.Contains(text, "13800001234") || !strings.Contains(text, "DD20260001") {
			t.Errorf("it is not shown: %.300s", text)
		}
		b.picture(t, "roles-original")
		b.visit(t, "/complaints/L-00")
		if strings.Contains(b.text(t, "main"), "13800001234") {
			t.Error("it stays shown")
		}
	})
	t.Run("the log has it, and a broken log is found", func(t *testing.T) {
		b.signIn(t, "root")
		b.visit(t, "/settings/audit?action=reveal")
		if text := b.text(t, "table.audit"); !strings.Contains(text, "liu") || !strings.Contains(text, "L-00") || b.count(t, ".failed") > 0 {
			t.Errorf("the log says %q", text)
		}
		b.picture(t, "roles-audit")
		for _, page := range []string{"", "/views", "/policy", "/words", "/tokens", "/accounts"} {
			b.visit(t, "/settings"+page)
			b.picture(t, "roles-settings"+strings.ReplaceAll(page, "/", "-"))
		}
		db, err := sql.Open("sqlite", "data/"+account.File)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if _, err := db.ExecContext(t.Context(), "DROP TRIGGER audit_no_update; UPDATE audit SET who = 'nobody' WHERE action = 'reveal'"); err != nil {
			t.Fatal(err)
		}
		b.visit(t, "/settings/audit")
		if b.count(t, ".failed") != 1 {
			t.Error("the page does not say that the chain is broken")
		}
		if r := program.Run(t, nil, "verify", "--data", "data"); r.Code != 1 || !strings.Contains(r.Stdout, "was changed") {
			t.Errorf("verify ends with %d: %s%s", r.Code, r.Stdout, r.Stderr)
		}
	})
}

// listed is what the list of complaints says of its length.
func (b *browsing) listed(t *testing.T) string {
	t.Helper()
	b.visit(t, "/complaints?period=7d")
	return b.text(t, "#content .list-head, #content")
}
