package account_test

import (
	"errors"
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
