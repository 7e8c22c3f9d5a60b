package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
)

// Whoever adds an address gets the policy with it, whatever the answer is.
func TestEveryRouteCarriesThePolicy(t *testing.T) {
	server := full(t)
	pages := 0
	for _, r := range server.Routes() {
		if r.Method != http.MethodGet {
			continue
		}
		target := strings.NewReplacer("*name", "app.css").Replace(r.Path)
		if strings.HasPrefix(target, "/issues") || strings.HasPrefix(target, "/api/v1/issues") {
			target = strings.ReplaceAll(target, ":id", "I-0001")
		}
		target = strings.ReplaceAll(target, ":id", "C-2026-000123")
		for _, query := range []string{"", "?period=nonsense", "?department=%3Cscript%3E"} {
			w := get(t, server.Handler(), target+query)
			policy := w.Header().Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
				if !strings.Contains(policy, part) {
					t.Errorf("%s%s: the policy lacks %s: %q", target, query, part, policy)
				}
			}
			if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http:") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s%s: %v", target, query, w.Header())
			}
			if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
				continue
			}
			pages++
			body := w.Body.String()
			for _, tag := range strings.Split(body, "<script")[1:] {
				opening, _, _ := strings.Cut(tag, ">")
				if !strings.Contains(opening, `src="/static/`) && !strings.Contains(opening, `type="application/json"`) {
					t.Errorf("%s%s: inline script %q", target, query, opening)
				}
			}
			for _, inline := range []string{" style=", "<style", " onclick=", " onload=", "javascript:"} {
				if strings.Contains(body, inline) {
					t.Errorf("%s%s: %q", target, query, inline)
				}
			}
		}
	}
	if pages < 20 {
		t.Errorf("only %d pages were looked at", pages)
	}
}
