package account_test

import (
	"crypto/rand"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"wenguo/dashboard/account"
)

func TestSavedViewsAreOnesOwnOrShared(t *testing.T) {
	b, _, a, _ := open(t)
	other, err := b.Add(t.Context(), account.Person{Login: "li", Role: account.Analyst}, good)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"https://example.com/", "//example.com", "/\\example.com", "", "/a\nb", "/" + strings.Repeat("x", 5000)} {
		if err := b.SaveView(t.Context(), a.ID, "x", wrong, false); err == nil {
			t.Errorf("%.40q is kept", wrong)
		}
	}
	if err := errors.Join(b.SaveView(t.Context(), a.ID, "mine", "/issues?state=new", false), b.SaveView(t.Context(), a.ID, "ours", "/", true)); err != nil {
		t.Fatal(err)
	}
	mine, err := b.Views(t.Context(), a.ID)
	if err != nil || len(mine) != 2 || !mine[0].Mine {
		t.Fatal(mine, err)
	}
	theirs, err := b.Views(t.Context(), other.ID)
	if err != nil || len(theirs) != 1 || theirs[0].Name != "ours" || theirs[0].Mine || theirs[0].By != "王敏" {
		t.Fatal(theirs, err)
	}
	if err := b.EndView(t.Context(), theirs[0].ID, other.ID, false); !errors.Is(err, account.ErrUnknown) {
		t.Errorf("somebody else ends it: %v", err)
	}
}

func TestACopyIsAWholeBook(t *testing.T) {
	b, c, _, path := open(t)
	if err := b.Note(t.Context(), account.Entry{Who: "wang", Action: "export"}); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(filepath.Dir(path), "copy.db")
	if err := b.Copy(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	copied, err := account.Open(t.Context(), to, quick(), c.now, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	if _, _, err := copied.SignIn(t.Context(), "wang", good); err != nil {
		t.Errorf("the copy lets nobody in: %v", err)
	}
	if chain, err := copied.VerifyAudit(t.Context()); err != nil || chain.Entries != 1 || chain.Fault != "" {
		t.Errorf("its log: %+v %v", chain, err)
	}
}
