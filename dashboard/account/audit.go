package account

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// Entry is one line of the audit log: who did what to what, when, from which address of the network.
type Entry struct {
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Who    string    `json:"who"`
	Role   Role      `json:"role"`
	Action string    `json:"action"`
	// Object is an id or an address without personal data, Detail what else matters.
	Object  string `json:"object"`
	Detail  string `json:"detail"`
	Address string `json:"address"`
	// Before is the hash of the entry before, Hash that of this one with Before in it.
	Before string `json:"before"`
	Hash   string `json:"hash"`
}

// sum is the hash of an entry: SHA-256 of its fields as a JSON list, Before among them.
func (e Entry) sum() (string, error) {
	raw, err := json.Marshal([]any{e.Seq, e.At.UnixMilli(), e.Who, e.Role, e.Action, e.Object, e.Detail, e.Address, e.Before})
	if err != nil {
		return "", fmt.Errorf("hash an entry: %w", err)
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// Note adds an entry; Seq, At and the hashes are filled here. It returns when the entry is on disk.
func (b *Book) Note(ctx context.Context, e Entry) error {
	return b.change(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, b.sql["audit_head"]).Scan(&e.Seq, &e.Before); err != nil {
			return fmt.Errorf("read the end of the audit log: %w", err)
		}
		e.Seq++
		e.At = b.now().UTC().Truncate(time.Millisecond)
		var err error
		if e.Hash, err = e.sum(); err != nil {
			return err
		}
		if _, err := b.exec(ctx, tx, "audit_add", e.Seq, e.At.UnixMilli(), e.Who, e.Role, e.Action, e.Object, e.Detail, e.Address, e.Before, e.Hash); err != nil {
			return err
		}
		_, err = b.exec(ctx, tx, "audit_head_set", e.Seq, e.Hash)
		return err
	})
}

// Filter says which entries are wanted: [From, To), zero times without bound, empty texts all. Those before Before, where it
// is not 0; at most Limit.
type Filter struct {
	From, To            time.Time
	Who, Action, Object string
	Before              int64
	Limit               int
}

// Entries are those of a filter, the newest first.
func (b *Book) Entries(ctx context.Context, f Filter) ([]Entry, error) {
	to := int64(math.MaxInt64)
	if !f.To.IsZero() {
		to = f.To.UnixMilli()
	}
	var out []Entry
	err := b.each(ctx, b.db, "audit_find", func(scan func(...any) error) error {
		e, err := scanEntry(scan)
		out = append(out, e)
		return err
	}, millis(f.From), to, f.Who, f.Action, f.Object, f.Before, f.Limit)
	return out, err
}

func scanEntry(scan func(...any) error) (Entry, error) {
	var e Entry
	var at int64
	err := scan(&e.Seq, &at, &e.Who, &e.Role, &e.Action, &e.Object, &e.Detail, &e.Address, &e.Before, &e.Hash)
	e.At = time.UnixMilli(at).UTC()
	return e, err
}

// Chain is what a check of the audit log found.
type Chain struct {
	// Entries is how many follow each other unbroken from the first, Head the hash of the last of them. Whoever keeps both
	// elsewhere can prove later that nothing was taken from the end and put back together.
	Entries int64  `json:"entries"`
	Head    string `json:"head"`
	// Fault says what is wrong with the next one; empty when nothing is.
	Fault string `json:"fault,omitempty"`
}

// errBroken ends the reading at the first fault.
var errBroken = errors.New("broken")

// VerifyAudit reads the whole log and computes every hash again.
func (b *Book) VerifyAudit(ctx context.Context) (Chain, error) {
	var c Chain
	tx, err := b.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return c, fmt.Errorf("check the audit log: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // it only reads
	err = b.each(ctx, tx, "audit_all", func(scan func(...any) error) error {
		e, err := scanEntry(scan)
		if err != nil {
			return err
		}
		want, err := e.sum()
		if err != nil {
			return err
		}
		switch {
		case e.Seq != c.Entries+1:
			c.Fault = fmt.Sprintf("entry %d is missing", c.Entries+1)
		case e.Before != c.Head:
			c.Fault = fmt.Sprintf("entry %d does not follow the one before it", e.Seq)
		case e.Hash != want:
			c.Fault = fmt.Sprintf("entry %d was changed", e.Seq)
		}
		if c.Fault != "" {
			return errBroken
		}
		c.Entries, c.Head = e.Seq, e.Hash
		return nil
	})
	if err != nil && !errors.Is(err, errBroken) {
		return c, err
	}
	if c.Fault != "" {
		return c, nil
	}
	var seq int64
	var hash string
	if err := tx.QueryRowContext(ctx, b.sql["audit_head"]).Scan(&seq, &hash); err != nil {
		return c, fmt.Errorf("read the end of the audit log: %w", err)
	}
	if seq != c.Entries || hash != c.Head {
		c.Fault = fmt.Sprintf("the log ends at entry %d, and %d were written", c.Entries, seq)
	}
	return c, nil
}
