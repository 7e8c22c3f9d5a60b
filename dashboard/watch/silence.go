package watch

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Matcher is one condition of a silence.
type Matcher struct {
	Name    string `json:"name"`
	Value   string `json:"value"`
	IsRegex bool   `json:"isRegex"`
	IsEqual bool   `json:"isEqual"`
}

// Silence keeps alerts from being told for a time.
type Silence struct {
	ID       string    `json:"id,omitempty"`
	Matchers []Matcher `json:"matchers"`
	StartsAt time.Time `json:"startsAt"`
	EndsAt   time.Time `json:"endsAt"`
	// CreatedBy and Comment are for whoever comes next.
	CreatedBy string `json:"createdBy"`
	Comment   string `json:"comment"`
}

// Silences are those in force or to come, the one that ends first before the others.
func (c *Client) Silences(ctx context.Context) ([]Silence, error) {
	var found []struct {
		Silence

		Status struct {
			State string `json:"state"`
		} `json:"status"`
	}
	if err := c.ask(ctx, http.MethodGet, "/api/v2/silences", nil, &found); err != nil {
		return nil, err
	}
	var out []Silence
	for _, f := range found {
		if f.Status.State != "expired" {
			out = append(out, f.Silence)
		}
	}
	slices.SortFunc(out, func(a, b Silence) int { return cmp.Or(a.EndsAt.Compare(b.EndsAt), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// Silence adds a silence.
func (c *Client) Silence(ctx context.Context, s Silence) error {
	return c.ask(ctx, http.MethodPost, "/api/v2/silences", s, nil)
}

// Unsilence ends a silence now.
func (c *Client) Unsilence(ctx context.Context, id string) error {
	return c.ask(ctx, http.MethodDelete, "/api/v2/silence/"+url.PathEscape(id), nil, nil)
}
