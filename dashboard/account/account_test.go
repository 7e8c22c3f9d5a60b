package account_test

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wenguo/dashboard/account"
)

// clock is a clock that stands still until it is moved.
type clock struct{ at time.Time }

func (c *clock) now() time.Time          { return c.at }
func (c *clock) pass(some time.Duration) { c.at = c.at.Add(some) }

// quick hashes at hardly any cost.
func quick() account.Config {
	cfg := account.DefaultConfiguration()
	cfg.Hash = account.HashCost{MemoryKiB: 8, Rounds: 1, Threads: 1}
	return cfg
}

// good is a password that may be chosen.
const good = "correct horse battery"

// open makes a book with one analyst, wang.
func open(t *testing.T) (*account.Book, *clock, account.Account, string) {
	t.Helper()
	c := &clock{time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)}
	path := filepath.Join(t.TempDir(), account.File)
	b, err := account.Open(t.Context(), path, quick(), c.now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	a, err := b.Add(t.Context(), account.Person{Login: "wang", Name: "王敏", Role: account.Analyst}, good)
	if err != nil {
		t.Fatal(err)
	}
	return b, c, a, path
}

func TestASignInIsLetInByItsOwnPasswordAlone(t *testing.T) {
	for name, try := range map[string]struct {
		login, password string
		in              bool
	}{
		"the right password":                {"wang", good, true},
		"the login in other letters":        {"WANG", good, true},
		"a wrong password":                  {"wang", good + "!", false},
		"no password":                       {"wang", "", false},
		"an account that does not exist":    {"li", good, false},
		"an account that does not, nothing": {"", "", false},
		"an account without password":       {"invited", "", false},
		"a disabled account":                {"gone", good, false},
	} {
		t.Run(name, func(t *testing.T) {
			b, _, _, _ := open(t)
			if _, err := b.Add(t.Context(), account.Person{Login: "invited", Role: account.Executive}, ""); err != nil {
				t.Fatal(err)
			}
			gone, err := b.Add(t.Context(), account.Person{Login: "gone", Role: account.Executive}, good)
			if err == nil {
				err = b.Change(t.Context(), gone.ID, gone.Person, true)
			}
			if err != nil {
				t.Fatal(err)
			}
			secret, _, err := b.SignIn(t.Context(), try.login, try.password)
			if (err == nil) != try.in || (secret != "") != try.in {
				t.Fatalf("got %q, %v", secret, err)
			}
			if !try.in && !errors.Is(err, account.ErrRefused) {
				t.Errorf("refused by %v, not like every other", err)
			}
		})
	}
}

func TestGuessingLocksANameWhetherItExistsOrNot(t *testing.T) {
	for _, login := range []string{"wang", "nobody"} {
		t.Run(login, func(t *testing.T) {
			b, c, _, _ := open(t)
			guess := func(password string) account.Tried {
				_, tried, err := b.SignIn(t.Context(), login, password)
				if err != nil && !errors.Is(err, account.ErrRefused) {
					t.Fatal(err)
				}
				return tried
			}
			for i := range 5 {
				if tried := guess("wrong"); tried.Locked || tried.Now != (i == 4) {
					t.Fatalf("guess %d: %+v", i+1, tried)
				}
			}
			if !guess(good).Locked {
				t.Error("the sixth was not refused for the lock, though its password may be right")
			}
			c.pass(time.Minute)
			if guess("wrong again").Locked {
				t.Error("still locked after a minute")
			}
			c.pass(time.Minute)
			if !guess(good).Locked {
				t.Error("a further failure does not lock for longer")
			}
			c.pass(time.Minute)
			if tried := guess(good); tried.Locked || tried.Known != (login == "wang") {
				t.Errorf("after two minutes: %+v", tried)
			}
		})
	}
}

func TestASessionEnds(t *testing.T) {
	for name, end := range map[string]func(t *testing.T, b *account.Book, c *clock, a account.Account, p account.Person){
		"after rest": func(_ *testing.T, _ *account.Book, c *clock, _ account.Account, _ account.Person) {
			c.pass(30 * time.Minute)
		},
		"of age, though it was used": func(t *testing.T, b *account.Book, c *clock, a account.Account, p account.Person) {
			t.Helper()
			secret, err := b.Begin(t.Context(), a.ID, "oidc")
			for range 40 {
				c.pass(18 * time.Minute)
				if err == nil && c.at.Hour() < 13 {
					_, err = b.Session(t.Context(), secret, true)
				}
			}
			if err != nil {
				t.Fatal(err)
			}
		},
		"by signing out": func(t *testing.T, b *account.Book, _ *clock, _ account.Account, p account.Person) {
			t.Helper()
			if err := b.End(t.Context(), p.Session); err != nil {
				t.Fatal(err)
			}
		},
		"by signing out everywhere": func(t *testing.T, b *account.Book, _ *clock, a account.Account, _ account.Person) {
			t.Helper()
			if n, err := b.EndAll(t.Context(), a.ID, ""); err != nil || n != 1 {
				t.Fatal(n, err)
			}
		},
		"when the password changes elsewhere": func(t *testing.T, b *account.Book, _ *clock, a account.Account, _ account.Person) {
			t.Helper()
			if err := b.SetPassword(t.Context(), a.ID, "another good sentence", ""); err != nil {
				t.Fatal(err)
			}
		},
		"when the role changes": func(t *testing.T, b *account.Book, _ *clock, a account.Account, _ account.Person) {
			t.Helper()
			p := a.Person
			p.Role = account.Executive
			if err := b.Change(t.Context(), a.ID, p, false); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, c, a, _ := open(t)
			secret, _, err := b.SignIn(t.Context(), "wang", good)
			if err != nil {
				t.Fatal(err)
			}
			p, err := b.Session(t.Context(), secret, true)
			if err != nil || p.Login != "wang" || p.Role != account.Analyst {
				t.Fatal(p, err)
			}
			end(t, b, c, a, p)
			if _, err := b.Session(t.Context(), secret, true); !errors.Is(err, account.ErrRefused) {
				t.Errorf("the session goes on: %v", err)
			}
		})
	}
}

func TestAPageThatRenewsItselfKeepsNoSessionAlive(t *testing.T) {
	b, c, _, _ := open(t)
	secret, _, err := b.SignIn(t.Context(), "wang", good)
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		c.pass(5 * time.Minute)
		_, err = b.Session(t.Context(), secret, false)
	}
	if !errors.Is(err, account.ErrRefused) {
		t.Errorf("after half an hour of renewing alone: %v", err)
	}
}

func TestTheFileHoldsNothingThatLetsAnybodyIn(t *testing.T) {
	b, _, a, path := open(t)
	session, _, err := b.SignIn(t.Context(), "wang", good)
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := b.NewToken(t.Context(), a.ID, "nightly", []account.Action{account.Figures}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	link, err := b.Link(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	_, _, _ = b.SignIn(t.Context(), "a password typed here", "x")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var dump strings.Builder
	for _, q := range []string{
		"SELECT group_concat(password) FROM accounts", "SELECT group_concat(hash) FROM sessions", "SELECT group_concat(hash||id) FROM tokens",
		"SELECT group_concat(hash) FROM links", "SELECT group_concat(login) FROM attempts",
	} {
		var text string
		if err := db.QueryRowContext(t.Context(), q).Scan(&text); err != nil {
			t.Fatal(err)
		}
		dump.WriteString(text)
	}
	if !strings.Contains(dump.String(), "$argon2id$v=19$m=8,t=1,p=1$") {
		t.Error("no argon2id hash is there, so the test proves nothing")
	}
	for what, secret := range map[string]string{"password": good, "session": session, "token": token, "link": link, "typed name": "a password typed here"} {
		if strings.Contains(dump.String(), secret) {
			t.Errorf("the %s stands in the file", what)
		}
	}
}

func TestAPasswordIsChosenByItsLengthAndNotByItsSigns(t *testing.T) {
	for password, fits := range map[string]bool{
		good: true, "天地玄黄宇宙洪荒日月盈昃": true, "eleven chrs": false, "aaaaaaaaaaaaaaaa": false, "wang is my name 2026": false,
		"password1234": false, "Passw0rd!123": false, "123456123456": false, strings.Repeat("long ", 30): false, "12345678901234\x00x": false,
	} {
		b, _, a, _ := open(t)
		err := b.SetPassword(t.Context(), a.ID, password, "")
		if (err == nil) != fits {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestALinkWorksOnce(t *testing.T) {
	b, c, a, _ := open(t)
	first, err := b.FirstLink(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Accept(t.Context(), first, "root", "", "short"); err == nil {
		t.Error("a weak password is taken")
	}
	secret, made, err := b.Accept(t.Context(), first, "root", "管理员", good)
	if err != nil || made.Role != account.Administrator {
		t.Fatal(made, err)
	}
	if p, err := b.Session(t.Context(), secret, true); err != nil || p.Login != "root" {
		t.Errorf("not signed in by the link: %+v %v", p, err)
	}
	if _, _, err := b.Accept(t.Context(), first, "second", "", good); !errors.Is(err, account.ErrRefused) {
		t.Errorf("the link works again: %v", err)
	}
	if again, err := b.FirstLink(t.Context()); err != nil || again != "" {
		t.Errorf("a first link though there is an administrator: %q %v", again, err)
	}
	old, err := b.Link(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	link, err := b.Link(t.Context(), a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Invitation(t.Context(), old); !errors.Is(err, account.ErrRefused) {
		t.Errorf("an earlier link of the account still works: %v", err)
	}
	c.pass(24 * time.Hour)
	if _, _, err := b.Accept(t.Context(), link, "", "", good); !errors.Is(err, account.ErrRefused) {
		t.Errorf("the link works after a day: %v", err)
	}
}

func TestATokenMayWhatBothItsScopesAndItsRoleSay(t *testing.T) {
	b, c, a, _ := open(t)
	for _, wrong := range [][]account.Action{nil, {account.Reveal}, {account.Accounts}, {account.Publish}, {"nothing"}} {
		if _, _, err := b.NewToken(t.Context(), a.ID, "x", wrong, time.Hour); err == nil {
			t.Errorf("a token of scopes %v is made", wrong)
		}
	}
	text, token, err := b.NewToken(t.Context(), a.ID, "nightly", []account.Action{account.Figures, account.Decide}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Bearer(t.Context(), text)
	if err != nil || !p.May(account.Figures) || !p.May(account.Decide) || p.May(account.Complaints) || p.May(account.Own) || p.May(account.Reveal) {
		t.Errorf("%+v: %v", p, err)
	}
	lesser := a.Person
	lesser.Role = account.Executive
	if err := b.Change(t.Context(), a.ID, lesser, false); err != nil {
		t.Fatal(err)
	}
	if p, err := b.Bearer(t.Context(), text); err != nil || p.May(account.Decide) || !p.May(account.Figures) {
		t.Errorf("after the role was taken: %+v %v", p, err)
	}
	for _, wrong := range []string{"", "wg_", text + "x", strings.Replace(text, token.ID, strings.Repeat("0", 12), 1), "wg_" + token.ID + "_"} {
		if _, err := b.Bearer(t.Context(), wrong); !errors.Is(err, account.ErrRefused) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	c.pass(time.Hour)
	if _, err := b.Bearer(t.Context(), text); !errors.Is(err, account.ErrRefused) {
		t.Errorf("after its end: %v", err)
	}
	if err := b.EndToken(t.Context(), token.ID, a.ID+1); !errors.Is(err, account.ErrUnknown) {
		t.Errorf("another account ends it: %v", err)
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	b, _, _, _ := open(t)
	root, err := b.Add(t.Context(), account.Person{Login: "root", Role: account.Administrator}, good)
	if err != nil {
		t.Fatal(err)
	}
	lesser := root.Person
	lesser.Role = account.Analyst
	for _, err := range []error{b.Change(t.Context(), root.ID, lesser, false), b.Change(t.Context(), root.ID, root.Person, true)} {
		if !errors.Is(err, account.ErrLast) {
			t.Errorf("got %v", err)
		}
	}
}

func TestADepartmentWithoutNameSeesNothing(t *testing.T) {
	b, _, _, _ := open(t)
	if _, err := b.Add(t.Context(), account.Person{Login: "d", Role: account.Department}, good); err == nil {
		t.Error("a department's account without departments is made")
	}
	if _, err := b.Add(t.Context(), account.Person{Login: "e", Role: account.Executive, Departments: []string{"物流部"}}, good); err == nil {
		t.Error("an executive limited to a department is made, and would see all")
	}
	p := account.Person{Role: account.Department}
	if p.Sees("") || p.Sees("物流部") {
		t.Error("a department without name sees rows")
	}
}
