package provider_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"wenguo/dashboard/account"
	"wenguo/dashboard/account/provider"
)

const back = "https://wenguo.example.com/sign-in/provider/back"

// key signs what the provider of the tests says; it is an op.SigningKey and an op.Key.
type key struct{ *rsa.PrivateKey }

func (key) ID() string                                  { return "test" }
func (key) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }
func (key) Algorithm() jose.SignatureAlgorithm          { return jose.RS256 }
func (key) Use() string                                 { return "sig" }
func (k key) Key() any                                  { return k.PrivateKey }

type publicKey struct{ key }

func (k publicKey) Key() any { return &k.PublicKey }

// keep is the storage of the library's own example, with our people, our key and claims of the organisation.
type keep struct {
	*storage.Storage

	signs  key
	claims map[string]any
}

func (k keep) SigningKey(context.Context) (op.SigningKey, error) { return k.signs, nil }
func (k keep) KeySet(context.Context) ([]op.Key, error)          { return []op.Key{publicKey{k.signs}}, nil }

func (k keep) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, token, subject, origin string) error {
	for name, value := range k.claims {
		info.AppendClaims(name, value)
	}
	return k.Storage.SetUserinfoFromToken(ctx, info, token, subject, origin)
}

type staff struct{}

func (staff) GetUserByID(id string) *storage.User {
	if id != "u1" {
		return nil
	}
	return &storage.User{ID: "u1", Username: "wang", Password: "at the provider", FirstName: "敏", LastName: "王"}
}

func (s staff) GetUserByUsername(string) *storage.User { return s.GetUserByID("u1") }
func (staff) ExampleClientID() string                  { return "wenguo" }

// house is a real provider behind a handler that may change what its token address answers.
type house struct {
	t      *testing.T
	server *httptest.Server
	keep   keep
	now    time.Time
	cfg    provider.Config
	forge  func(claims map[string]any)
	other  *key
}

func build(t *testing.T) *house {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, now: time.Now()}
	var handler http.Handler
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/oauth/token" || h.forge == nil {
			handler.ServeHTTP(w, r)
			return
		}
		recorded := httptest.NewRecorder()
		handler.ServeHTTP(recorded, r)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(h.forged(recorded.Body.Bytes()))
	}))
	t.Cleanup(h.server.Close)
	h.keep = keep{
		storage.NewStorageWithClients(staff{}, map[string]*storage.Client{"wenguo": storage.WebClient("wenguo", "secret", back), "other": storage.WebClient("other", "secret", back)}),
		key{private},
		map[string]any{"groups": []string{"staff", "complaint-analysts"}, "department": "物流部"},
	}
	handler = exampleop.SetupServer(h.server.URL, h.keep, slog.New(slog.DiscardHandler), false)
	h.cfg = provider.DefaultConfiguration()
	h.cfg.Issuer, h.cfg.ClientID, h.cfg.ClientSecret = h.server.URL, "wenguo", "secret"
	h.cfg.Roles = []provider.Role{{Claim: "complaint-admins", Role: "administrator"}, {Claim: "complaint-analysts", Role: "analyst"}, {Claim: "staff", Role: "部门"}}
	return h
}

// forged signs a token answer anew with other claims.
func (h *house) forged(raw []byte) []byte {
	var answer map[string]any
	if err := json.Unmarshal(raw, &answer); err != nil || answer["id_token"] == nil {
		return raw
	}
	signed, err := jose.ParseSigned(answer["id_token"].(string), []jose.SignatureAlgorithm{jose.RS256}) //nolint:forcetypeassert // it is one
	if err != nil {
		h.t.Error(err)
	}
	claims := map[string]any{}
	if err := json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &claims); err != nil {
		h.t.Error(err)
	}
	h.forge(claims)
	payload, err := json.Marshal(claims)
	if err != nil {
		h.t.Error(err)
	}
	signs := h.keep.signs
	if h.other != nil {
		signs = *h.other
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: signs.PrivateKey, KeyID: "test"}}, nil)
	if err != nil {
		h.t.Error(err)
	}
	object, err := signer.Sign(payload)
	if err != nil {
		h.t.Error(err)
	}
	answer["id_token"], err = object.CompactSerialize()
	if err != nil {
		h.t.Error(err)
	}
	out, err := json.Marshal(answer)
	if err != nil {
		h.t.Error(err)
	}
	return out
}

func (h *house) provider() *provider.Provider {
	h.t.Helper()
	p, err := provider.New(h.cfg, back, func() time.Time { return h.now })
	if err != nil {
		h.t.Fatal(err)
	}
	return p
}

// visit signs in at the provider as a browser does, and gives what the provider leads back with.
func (h *house) visit(address string) url.Values {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), back) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	do := func(method, address, body string) *http.Response { // its body is read and closed
		r, err := http.NewRequestWithContext(h.t.Context(), method, address, strings.NewReader(body))
		if err != nil {
			h.t.Fatal(err)
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		answer, err := browser.Do(r)
		if err != nil {
			h.t.Fatal(err)
		}
		defer answer.Body.Close()
		_, _ = io.Copy(io.Discard, answer.Body)
		return answer
	}
	form := do(http.MethodGet, address, "") //nolint:bodyclose // do closes it
	id := form.Request.URL.Query().Get("authRequestID")
	answer := do(http.MethodPost, h.server.URL+"/login/username", url.Values{"username": {"wang"}, "password": {"at the provider"}, "id": {id}}.Encode()) //nolint:bodyclose // do closes it
	to, err := url.Parse(answer.Header.Get("Location"))
	if err != nil || !strings.HasPrefix(answer.Header.Get("Location"), back) {
		h.t.Fatalf("led to %q: %v", answer.Header.Get("Location"), err)
	}
	return to.Query()
}

func TestAPersonOfTheProviderComesInWithTheRoleOfTheClaims(t *testing.T) {
	h := build(t)
	p := h.provider()
	address, attempt, err := p.Begin(t.Context(), "/issues")
	if err != nil {
		t.Fatal(err)
	}
	asked, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"response_type": "code", "code_challenge_method": "S256", "client_id": "wenguo", "redirect_uri": back, "nonce": attempt.Nonce, "state": attempt.State} {
		if got := asked.Query().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if challenge := asked.Query().Get("code_challenge"); len(challenge) != 43 || strings.Contains(address, attempt.Verifier) {
		t.Errorf("the challenge is %q", challenge)
	}
	who, subject, err := p.Finish(t.Context(), attempt, h.visit(address))
	if err != nil {
		t.Fatal(err)
	}
	if who.Login != "wang" || who.Role != account.Analyst || who.Departments != nil || subject != h.server.URL+" u1" || attempt.Next != "/issues" {
		t.Errorf("%+v %q", who, subject)
	}
	h.keep.claims["groups"] = "staff"
	if address, attempt, err = p.Begin(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if who, _, err = p.Finish(t.Context(), attempt, h.visit(address)); err != nil || who.Role != account.Department || len(who.Departments) != 1 || who.Departments[0] != "物流部" {
		t.Errorf("%+v %v", who, err)
	}
}

func TestWhatTheProviderDidNotSaySoIsRefused(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	h := build(t)
	tampered := func(change func(map[string]any)) func(*house) { return func(h *house) { h.forge = change } }
	for name, c := range map[string]struct {
		before func(*house)
		after  func(h *house, a *provider.Attempt, answer url.Values)
		why    string
	}{
		"nothing is wrong, signed anew": {before: tampered(func(map[string]any) {})},
		"another issuer":                {before: tampered(func(c map[string]any) { c["iss"] = "https://evil.example.com" }), why: "issued by a different provider"},
		"another audience":              {before: tampered(func(c map[string]any) { c["aud"] = "other" }), why: "expected audience"},
		"given to another program":      {before: tampered(func(c map[string]any) { c["aud"], c["azp"] = []string{"wenguo", "other"}, "other" }), why: "given to another program"},
		"another nonce":                 {before: tampered(func(c map[string]any) { c["nonce"] = "of an older attempt" }), why: "nonce"},
		"no nonce":                      {before: tampered(func(c map[string]any) { delete(c, "nonce") }), why: "nonce"},
		"an id token that has ended":    {before: tampered(func(c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() }), why: "expired"},
		"a key that is not the provider's": {before: func(h *house) {
			h.forge, h.other = func(map[string]any) {}, &key{private}
		}, why: "signature"},
		"the state of another browser": {after: func(_ *house, _ *provider.Attempt, answer url.Values) { answer.Set("state", "x") }, why: "state"},
		"no attempt of this browser":   {after: func(_ *house, a *provider.Attempt, answer url.Values) { *a = provider.Attempt{}; answer.Del("state") }, why: "state"},
		"an attempt that took too long": {after: func(h *house, _ *provider.Attempt, _ url.Values) {
			h.now = h.now.Add(provider.AttemptAge)
		}, why: "too long"},
		"the verifier of another browser":   {after: func(_ *house, a *provider.Attempt, _ url.Values) { a.Verifier = strings.Repeat("v", 43) }, why: "does not take the code"},
		"a code that was made up":           {after: func(_ *house, _ *provider.Attempt, answer url.Values) { answer.Set("code", "x") }, why: "does not take the code"},
		"an answer of another issuer":       {after: func(_ *house, _ *provider.Attempt, answer url.Values) { answer.Set("iss", "https://evil.example.com") }, why: "another issuer"},
		"the provider refuses":              {after: func(_ *house, _ *provider.Attempt, answer url.Values) { answer.Set("error", "access_denied") }, why: "says no"},
		"nobody's role":                     {before: func(h *house) { h.keep.claims["groups"] = []string{"guests"} }, why: "none of the claims gives a role"},
		"a department without a department": {before: func(h *house) { h.keep.claims["groups"] = "staff"; delete(h.keep.claims, "department") }, why: "names no department"},
	} {
		t.Run(name, func(t *testing.T) {
			h.now, h.forge, h.other = time.Now(), nil, nil
			h.keep.claims["groups"], h.keep.claims["department"] = []string{"staff", "complaint-analysts"}, "物流部"
			if c.before != nil {
				c.before(h)
			}
			p := h.provider()
			address, attempt, err := p.Begin(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			answer := h.visit(address)
			if c.after != nil {
				c.after(h, &attempt, answer)
			}
			who, _, err := p.Finish(t.Context(), attempt, answer)
			refused, is := errors.AsType[provider.ErrRefused](err)
			if c.why == "" && (err != nil || who.Login != "wang") || c.why != "" && (!is || !strings.Contains(refused.Why, c.why)) {
				t.Errorf("%+v, %v", who, err)
			}
		})
	}
}

func TestACodeWorksOnce(t *testing.T) {
	h := build(t)
	p := h.provider()
	address, attempt, err := p.Begin(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	answer := h.visit(address)
	if _, _, err := p.Finish(t.Context(), attempt, answer); err != nil {
		t.Fatal(err)
	}
	_, _, err = p.Finish(t.Context(), attempt, answer)
	if refused, is := errors.AsType[provider.ErrRefused](err); !is || !strings.Contains(refused.Why, "does not take the code") {
		t.Errorf("the code again: %v", err)
	}
}

func TestAProviderThatSaysToBeAnotherIsNotUsed(t *testing.T) {
	h := build(t)
	h.cfg.Issuer = strings.Replace(h.server.URL, "127.0.0.1", "localhost", 1) // the same server, and its metadata names the other
	if _, _, err := h.provider().Begin(t.Context(), ""); err == nil || !strings.Contains(err.Error(), "did not match") {
		t.Errorf("%v", err)
	}
}

func TestASettingThatLetsNobodyInIsRefused(t *testing.T) {
	good := provider.DefaultConfiguration()
	good.Issuer, good.ClientID, good.Roles = "https://login.example.com", "wenguo", []provider.Role{{Claim: "a", Role: "分析员"}}
	for name, change := range map[string]func(*provider.Config){
		"":                     func(*provider.Config) {},
		"no https address":     func(c *provider.Config) { c.Issuer = "http://login.example.com" },
		"client_id is missing": func(c *provider.Config) { c.ClientID = "" },
		"roles is empty":       func(c *provider.Config) { c.Roles = nil },
		"which is none":        func(c *provider.Config) { c.Roles[0].Role = "king" },
		"not both":             func(c *provider.Config) { c.ClientSecret, c.ClientSecretFile = "a", "b" },
	} {
		c := good
		c.Roles = []provider.Role{good.Roles[0]}
		change(&c)
		if err := c.Validate(); (err == nil) != (name == "") || err != nil && !strings.Contains(err.Error(), name) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
