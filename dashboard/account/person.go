package account

import (
	"context"
	"slices"
)

// Person is who asks: somebody with an account, at a browser or by a token.
type Person struct {
	ID          int64
	Login, Name string
	Role        Role
	// Departments are those whose rows the role Department sees; other roles see all.
	Departments []string
	// Token is the id of the API token, empty at a browser. Scopes are then all that it may do.
	Token  string
	Scopes []Action
	// Address is the network address that the request came from.
	Address string
	// Session is the hash of the browser's session, empty for a token.
	Session string
}

// May says whether the person may do an action now.
func (p Person) May(a Action) bool {
	if !p.Role.May(a) {
		return false
	}
	if p.Token == "" || a == Public || a == Keyed {
		return true
	}
	return slices.Contains(p.Scopes, a)
}

// Limited says whether the person sees only the rows of Departments.
func (p Person) Limited() bool { return p.Role == Department }

// Sees says whether rows of a department may be shown.
func (p Person) Sees(department string) bool {
	return !p.Limited() || department != "" && slices.Contains(p.Departments, department)
}

type personKey struct{}

// With is a context that knows who asks.
func With(ctx context.Context, p Person) context.Context {
	return context.WithValue(ctx, personKey{}, p)
}

// From is who asks; false where nobody had to sign in.
func From(ctx context.Context) (Person, bool) {
	p, ok := ctx.Value(personKey{}).(Person)
	return p, ok
}
