// Package provider lets people sign in at an identity provider of their organisation, by OpenID Connect: the authorization
// code flow with PKCE, state and nonce. What the provider says of a person becomes a role and departments by configuration.
package provider

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"wenguo/dashboard/account"
	"wenguo/ingest/wire"
)

// Config names the provider and says what its claims mean.
type Config struct {
	// Issuer is the provider's address, such as https://login.example.com/realms/staff; empty has none.
	Issuer string `yaml:"issuer"`
	// ClientID and ClientSecret are what the provider calls this program; the secret may stand in a file.
	ClientID         string      `yaml:"client_id"`
	ClientSecret     wire.Secret `yaml:"client_secret"`
	ClientSecretFile string      `yaml:"client_secret_file"`
	// Name stands on the button of the page where people sign in.
	Name string `yaml:"name"`
	// Scopes are asked beside openid.
	Scopes []string `yaml:"scopes"`
	// LoginClaim and NameClaim are the claims of the name that an account is called by and of the person's own.
	LoginClaim string `yaml:"login_claim"`
	NameClaim  string `yaml:"name_claim"`
	// RoleClaim holds a text or a list; the first line of Roles whose Claim is among it gives the role. Nobody without a role
	// comes in. Dots lead into objects: realm_access.roles.
	RoleClaim string `yaml:"role_claim"`
	Roles     []Role `yaml:"roles"`
	// DepartmentClaim holds the departments of somebody whose role is department.
	DepartmentClaim string `yaml:"department_claim"`
}

// Role says what role a value of the role claim gives.
type Role struct {
	Claim string `yaml:"claim"`
	Role  string `yaml:"role"`
}

// DefaultConfiguration has no provider, and the claims that most have.
func DefaultConfiguration() Config {
	return Config{Name: "统一登录", Scopes: []string{"profile"}, LoginClaim: "preferred_username", NameClaim: "name", RoleClaim: "groups", DepartmentClaim: "department"}
}

// Validate says what is wrong.
func (c Config) Validate() error {
	if c.Issuer == "" {
		return nil
	}
	u, err := url.Parse(c.Issuer)
	local := err == nil && slices.Contains([]string{"127.0.0.1", "::1", "localhost"}, u.Hostname())
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && local):
		return fmt.Errorf("provider.issuer %q is no https address", c.Issuer)
	case c.ClientID == "":
		return errors.New("provider.client_id is missing: the provider gives it")
	case c.ClientSecret != "" && c.ClientSecretFile != "":
		return errors.New("provider: client_secret or client_secret_file, not both")
	case len(c.Roles) == 0:
		return errors.New("provider.roles is empty: nobody could come in")
	}
	for _, r := range c.Roles {
		if _, err := account.ParseRole(r.Role); err != nil || r.Claim == "" {
			return fmt.Errorf("provider.roles: claim %q gives role %q, which is none: %w", r.Claim, r.Role, err)
		}
	}
	return nil
}

// Provider is an identity provider. Its metadata and keys are read when somebody first signs in, and its keys again when it
// changes them: a provider that is away does not hold up a start.
type Provider struct {
	cfg    Config
	back   string
	now    func() time.Time
	client *http.Client

	mu    sync.Mutex
	found *oidc.Provider
}

// Bounds of asking the provider.
const (
	askTime = 10 * time.Second
	// AttemptAge is how long somebody may take at the provider.
	AttemptAge = 10 * time.Minute
)

// New makes a provider; back is the address that it leads people back to. Nothing is asked yet.
func New(cfg Config, back string, now func() time.Time) (*Provider, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	return &Provider{cfg: cfg, back: back, now: now, client: &http.Client{Timeout: askTime}}, nil
}

// Name stands on the button.
func (p *Provider) Name() string { return p.cfg.Name }

// discovered reads the provider's metadata once.
func (p *Provider) discovered(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found == nil {
		// Keys are read with the context of the discovery, also much later, so it must not end with a request.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.cfg.Issuer)
		if err != nil {
			return nil, nil, fmt.Errorf("ask the identity provider: %w", err)
		}
		p.found = found
	}
	secret, err := wire.ReadSecret("provider.client_secret", p.cfg.ClientSecret, p.cfg.ClientSecretFile)
	if err != nil {
		return nil, nil, err
	}
	return p.found, &oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: secret, Endpoint: p.found.Endpoint(), RedirectURL: p.back,
		Scopes: append([]string{oidc.ScopeOpenID}, p.cfg.Scopes...),
	}, nil
}

// Attempt is what the browser keeps while its person is at the provider. It belongs to that browser alone.
type Attempt struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	Next     string    `json:"x"`
	Until    time.Time `json:"u"`
}

// Begin gives the address at the provider to go to, and what to keep until the way back.
func (p *Provider) Begin(ctx context.Context, next string) (address string, a Attempt, err error) {
	_, flow, err := p.discovered(ctx)
	if err != nil {
		return "", a, err
	}
	a = Attempt{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Next: next, Until: p.now().Add(AttemptAge)}
	return flow.AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), a, nil
}

// ErrRefused says why somebody whom the provider sent back is not let in.
type ErrRefused struct{ Why string }

func (e ErrRefused) Error() string { return "sign-in at the provider refused: " + e.Why }

// Finish checks what the provider answered, and gives who it is: Subject is issuer and subject together, which never change.
func (p *Provider) Finish(ctx context.Context, a Attempt, answer url.Values) (who account.Person, subject string, err error) {
	switch {
	case a.State == "" || subtle.ConstantTimeCompare([]byte(a.State), []byte(answer.Get("state"))) != 1:
		return who, "", ErrRefused{"the state is not that of this browser"}
	case !p.now().Before(a.Until):
		return who, "", ErrRefused{"the attempt took too long"}
	case answer.Get("error") != "":
		return who, "", ErrRefused{"the provider says no"}
	case answer.Get("iss") != "" && answer.Get("iss") != p.cfg.Issuer:
		return who, "", ErrRefused{"the answer is of another issuer"}
	}
	found, flow, err := p.discovered(ctx)
	if err != nil {
		return who, "", err
	}
	got, err := flow.Exchange(oidc.ClientContext(ctx, p.client), answer.Get("code"), oauth2.VerifierOption(a.Verifier))
	if err != nil {
		if _, refused := errors.AsType[*oauth2.RetrieveError](err); refused {
			return who, "", ErrRefused{"the provider does not take the code"}
		}
		return who, "", fmt.Errorf("exchange the code: %w", err)
	}
	raw, is := got.Extra("id_token").(string)
	if !is {
		return who, "", ErrRefused{"the provider gave no id token"}
	}
	token, err := found.Verifier(&oidc.Config{ClientID: p.cfg.ClientID, Now: p.now}).Verify(oidc.ClientContext(ctx, p.client), raw)
	if err != nil {
		return who, "", ErrRefused{fmt.Sprintf("the id token: %s", err)}
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(a.Nonce)) != 1 {
		return who, "", ErrRefused{"the nonce is not that of this attempt"}
	}
	claims := map[string]any{}
	if err := token.Claims(&claims); err != nil {
		return who, "", fmt.Errorf("read claims: %w", err)
	}
	if azp, given := claims["azp"]; (given || len(token.Audience) > 1) && azp != p.cfg.ClientID {
		return who, "", ErrRefused{"the id token was given to another program"}
	}
	if len(texts(claims, p.cfg.RoleClaim)) == 0 || len(texts(claims, p.cfg.LoginClaim)) == 0 {
		if err := p.more(ctx, found, got, token.Subject, claims); err != nil {
			return who, "", err
		}
	}
	who, err = p.person(claims)
	return who, token.Issuer + " " + token.Subject, err
}

// more adds claims that the provider tells at its userinfo address alone; what the id token says is not changed.
func (p *Provider) more(ctx context.Context, found *oidc.Provider, got *oauth2.Token, subject string, claims map[string]any) error {
	if found.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := found.UserInfo(oidc.ClientContext(ctx, p.client), oauth2.StaticTokenSource(got))
	if err != nil {
		return fmt.Errorf("ask the provider about a person: %w", err)
	}
	if info.Subject != subject {
		return ErrRefused{"the userinfo is of somebody else"}
	}
	told := map[string]any{}
	if err := info.Claims(&told); err != nil {
		return fmt.Errorf("read claims: %w", err)
	}
	for name, value := range told {
		if _, known := claims[name]; !known {
			claims[name] = value
		}
	}
	return nil
}

// person is what the claims say.
func (p *Provider) person(claims map[string]any) (account.Person, error) {
	who := account.Person{Login: first(texts(claims, p.cfg.LoginClaim)), Name: first(texts(claims, p.cfg.NameClaim))}
	given := texts(claims, p.cfg.RoleClaim)
	for _, r := range p.cfg.Roles {
		if slices.Contains(given, r.Claim) {
			role, err := account.ParseRole(r.Role)
			if err != nil {
				return who, fmt.Errorf("role of a claim: %w", err)
			}
			who.Role = role
			break
		}
	}
	switch {
	case who.Login == "":
		return who, ErrRefused{"the provider names no login in " + p.cfg.LoginClaim}
	case who.Role == "":
		return who, ErrRefused{"none of the claims gives a role"}
	case who.Role == account.Department:
		if who.Departments = texts(claims, p.cfg.DepartmentClaim); len(who.Departments) == 0 {
			return who, ErrRefused{"the provider names no department"}
		}
	}
	return who, nil
}

// texts are the texts of a claim: one, or a list of them; dots in its name lead into objects.
func texts(claims map[string]any, name string) []string {
	value, known := claims[name]
	if !known {
		head, rest, nested := strings.Cut(name, ".")
		if inner, is := claims[head].(map[string]any); nested && is {
			return texts(inner, rest)
		}
		return nil
	}
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, one := range v {
			if text, is := one.(string); is && text != "" {
				out = append(out, text)
			}
		}
		return out
	}
	return nil
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
