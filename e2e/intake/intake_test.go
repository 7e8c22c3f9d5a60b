package intake_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wenguo/e2e/program"
)

func TestMain(m *testing.M) { os.Exit(program.Main(m)) }

// registered is an event of a complaint; the title tells versions of it apart.
func registered(id, title string) string {
	return fmt.Sprintf(`{"event_id":"e-%s","complaint_id":%q,"kind":"registered","occurred_at":%q,"source":"hotline",`+
		`"data":{"channel":"phone","title":%q,"content":"验证码一直收不到"}}`, id, id, time.Now().UTC().Format(time.RFC3339), title)
}

// send posts to the intake with the token that stands in the file.
func send(t *testing.T, listen, tokenFile, body string) (status int, answer string) {
	t.Helper()
	token, err := os.ReadFile(tokenFile)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+listen+"/api/v1/events", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	return do(t, request)
}

func get(t *testing.T, address string) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, request)
}

func do(t *testing.T, request *http.Request) (status int, answer string) {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(raw)
}

// fact waits until the API shows the complaint, and gives its answer.
func fact(t *testing.T, listen, id string) string {
	t.Helper()
	var status int
	var answer string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if status, answer = get(t, "http://"+listen+"/api/v1/complaints/"+id); status == http.StatusOK {
			return answer
		}
	}
	t.Fatalf("%s never became a fact: %d %s", id, status, answer)
	return ""
}

func TestAnEventSentOverHTTPBecomesAFact(t *testing.T) {
	data := t.TempDir()
	up := program.Start(t, data, nil)
	tokenFile := filepath.Join(data, "intake.token")
	if info, err := os.Stat(tokenFile); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the token's file: %v %v", info, err)
	}
	first := registered("C-1", "第一次")
	batch := first + "\n" + registered("C-2", "另一件") + "\n"
	for range 2 { // a repeat gets the same answer
		if status, answer := send(t, up.Listen, tokenFile, batch); status != http.StatusAccepted || strings.TrimSpace(answer) != `{"accepted":2}` {
			t.Fatalf("%d %s", status, answer)
		}
	}
	if status, answer := send(t, up.Listen, tokenFile, registered("C-3", "好")+"\n{}"); status != http.StatusBadRequest || !strings.Contains(answer, `"index":1`) {
		t.Fatalf("%d %s", status, answer)
	}
	if got := fact(t, up.Listen, "C-1"); !strings.Contains(got, "第一次") {
		t.Errorf("C-1 is %s", got)
	}
	fact(t, up.Listen, "C-2")
	if status, answer := get(t, "http://"+up.Listen+"/api/v1/complaints/C-3"); status != http.StatusNotFound {
		t.Errorf("an event of a refused batch became a fact: %d %s", status, answer)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+up.Listen+"/api/v1/events", strings.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if status, answer := do(t, request); status != http.StatusUnauthorized {
		t.Errorf("without a token: %d %s", status, answer)
	}
	if status, answer := get(t, "http://"+up.Listen+"/api/v1/events"); status != http.StatusMethodNotAllowed && status != http.StatusBadRequest || !strings.Contains(answer, "POST") {
		t.Errorf("GET: %d %s", status, answer)
	}
	_, metrics := get(t, "http://"+up.Listen+"/metrics")
	for _, want := range []string{`wenguo_intake_events_total 4`, `wenguo_intake_requests_total{status="202"} 2`, `wenguo_intake_requests_total{status="401"} 1`, `wenguo_intake_in_flight_bytes 0`} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}
	checked := verify(t, data)
	for deadline := time.Now().Add(time.Minute); !checked.OK && time.Now().Before(deadline); checked = verify(t, data) {
		time.Sleep(time.Second) // a fact may still lack the newest event
	}
	if checked.stored != 4 || !checked.OK {
		t.Errorf("the store: %+v", checked)
	}
	secondStartKeepsTheToken(t, data, tokenFile, up)
}

func secondStartKeepsTheToken(t *testing.T, data, tokenFile string, up *program.Up) {
	t.Helper()
	before, _ := os.ReadFile(tokenFile)
	if code, _ := up.Stop(t); code != 0 {
		t.Errorf("exit code %d: %s", code, up.Log())
	}
	again := program.Start(t, data, nil)
	if after, _ := os.ReadFile(tokenFile); string(after) != string(before) || len(after) < 32 {
		t.Error("another start made another token")
	}
	if strings.Contains(up.Log()+again.Log(), strings.TrimSpace(string(before))) {
		t.Error("the log shows the token")
	}
}

type verified struct {
	OK         bool `json:"ok"`
	Partitions []struct{ Stored int }
	stored     int
}

func verify(t *testing.T, data string, environ ...string) verified {
	t.Helper()
	result := program.Run(t, environ, "verify", "--json", "--data", data)
	var v verified
	if err := json.Unmarshal([]byte(result.Stdout), &v); err != nil {
		t.Fatalf("verify: %v: %s", err, result.Stderr)
	}
	for _, p := range v.Partitions {
		v.stored += p.Stored
	}
	return v
}
