package warehouse

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestAFailedQuestionDoesNotTellWhatWasAsked(t *testing.T) {
	store := openStore(t)
	const secret = "13800000000"
	const slow = "SELECT sleep(1), {x:String}"
	ask := func(how func(ctx context.Context) error) error {
		short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		return how(with(short, values{"x": secret}))
	}
	for name, err := range map[string]error{
		"query": ask(func(ctx context.Context) error { _, err := store.conn.Query(ctx, slow); return err }),
		"row":   ask(func(ctx context.Context) error { return store.conn.QueryRow(ctx, slow).Err() }),
		"scan": ask(func(ctx context.Context) error {
			var slept uint8
			var got string
			return store.conn.QueryRow(ctx, slow).Scan(&slept, &got)
		}),
		"exec": ask(func(ctx context.Context) error { return store.conn.Exec(ctx, slow) }),
	} {
		if err == nil {
			t.Errorf("%s: no error after the deadline", name)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error tells the parameter: %v", name, err)
		}
	}
}
