package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"wenguo/transform"
	"wenguo/transform/sla"
	"wenguo/transform/text"
)

// policyTime is how a kept policy's file name says from when it is in force, UTC.
const policyTime = "20060102T150405.000Z"

// loadRules gives the fold its rules: every policy that was ever in force on this folder, and the key that hides
// customers. The policy named by the configuration, or the shipped one, is kept as a further file when its content is new.
func loadRules(cfg config, now time.Time) (transform.Rules, error) {
	wanted, _, err := policyText(cfg.Policy)
	if err != nil {
		return transform.Rules{}, err
	}
	history, err := policyHistory(policyFolder(cfg), wanted, now)
	if err != nil {
		return transform.Rules{}, err
	}
	key, err := secretKey(filepath.Join(cfg.Data, "key"))
	if err != nil {
		return transform.Rules{}, err
	}
	return transform.Rules{
		Revision: history[len(history)-1].Revision, History: history, Mask: text.Mask,
		CustomerKey: func(identity string) string {
			sum := hmac.New(sha256.New, key)
			sum.Write([]byte(identity))
			return hex.EncodeToString(sum.Sum(nil)[:12])
		},
	}, nil
}

// policyHistory reads the kept policies and adds wanted when it differs from the newest.
func policyHistory(dir string, wanted []byte, now time.Time) ([]transform.Applied, error) {
	names, history, err := readHistory(dir)
	if err != nil {
		return nil, err
	}
	if len(names) > 0 {
		newest, err := os.ReadFile(names[len(names)-1])
		if err != nil {
			return nil, fmt.Errorf("policies: %w", err)
		}
		if bytes.Equal(newest, wanted) {
			return history, nil
		}
	}
	if err := keepPolicy(dir, len(names)+1, now, wanted); err != nil {
		return nil, err
	}
	_, history, err = readHistory(dir)
	return history, err
}

// readHistory reads the kept policies, in the order in which they came into force, and the names of their files.
func readHistory(dir string) (names []string, history []transform.Applied, err error) {
	if names, err = filepath.Glob(filepath.Join(dir, "*.yaml")); err != nil {
		return nil, nil, fmt.Errorf("policies: %w", err)
	}
	slices.SortFunc(names, byInstant)
	for i, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, fmt.Errorf("policies: %w", err)
		}
		policy, err := sla.ParsePolicy(content)
		if err != nil {
			return nil, nil, fmt.Errorf("kept policy %s: %w", name, err)
		}
		_, since, _ := strings.Cut(strings.TrimSuffix(filepath.Base(name), ".yaml"), "-")
		from, err := time.Parse(policyTime, since)
		if err != nil {
			return nil, nil, fmt.Errorf("kept policy %s: its name must hold the instant it took effect: %w", name, err)
		}
		history = append(history, transform.Applied{From: from, Revision: uint32(i + 1), Policy: policy}) //nolint:gosec // a count of files
	}
	return names, history, nil
}

// secretKey reads the folder's key or makes one. Losing it makes old customers strangers, nothing else.
func secretKey(path string) ([]byte, error) {
	key, err := os.ReadFile(path)
	if err == nil {
		return key, nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read key: %w", err)
	}
	key = make([]byte, 32)
	_, _ = rand.Read(key)
	if err := os.WriteFile(path, key, 0o600); err != nil {
		return nil, fmt.Errorf("keep key: %w", err)
	}
	return key, nil
}
