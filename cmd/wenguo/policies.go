package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/transform"
	"wenguo/transform/sla"
	"wenguo/warehouse"
)

// settleRules gives the rules of a start. The history of policies is kept as decisions; the folder holds a copy, for the
// time until the store has read a decision back and for the commands that run beside. Each gets what only the other has.
func settleRules(ctx context.Context, cfg config, store *warehouse.Store, now time.Time, log *slog.Logger) (transform.Rules, error) {
	applied, rules, err := restoreRules(ctx, cfg, store, now, log)
	if err != nil {
		return transform.Rules{}, err
	}
	messages, err := unannounced(policyFolder(cfg), applied, now)
	if err != nil || len(messages) == 0 {
		return rules, err
	}
	bounded, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	producer := kafka.NewProducer(cfg.Kafka, ingest.TopicDecisions)
	if err := errors.Join(producer.Produce(bounded, messages), producer.Close()); err != nil {
		return transform.Rules{}, fmt.Errorf("announce policies: %w", err)
	}
	log.Info("policies announced as decisions", "count", len(messages))
	return rules, nil
}

// restoreRules completes the folder from the store's decisions, which it gives too, and reads the rules.
func restoreRules(
	ctx context.Context, cfg config, store *warehouse.Store, now time.Time, log *slog.Logger,
) ([]warehouse.AppliedPolicy, transform.Rules, error) {
	applied, err := store.AppliedPolicies(ctx)
	if err != nil {
		return nil, transform.Rules{}, fmt.Errorf("policies: %w", err)
	}
	if err := restorePolicies(policyFolder(cfg), applied, log); err != nil {
		return nil, transform.Rules{}, err
	}
	rules, err := loadRules(cfg, now)
	return applied, rules, err
}

// policyFolder holds every policy that was ever in force, one file each.
func policyFolder(cfg config) string { return filepath.Join(cfg.Data, "policies") }

// restorePolicies writes the files that the folder lacks. A decision whose content is no policy can put nothing in force.
func restorePolicies(dir string, applied []warehouse.AppliedPolicy, log *slog.Logger) error {
	_, history, err := readHistory(dir)
	if err != nil {
		return err
	}
	n := len(history)
	for _, a := range applied {
		if slices.ContainsFunc(history, func(h transform.Applied) bool { return h.From.Equal(a.From) }) {
			continue
		}
		if _, err := sla.ParsePolicy([]byte(a.Content)); err != nil {
			log.Warn("a decision applies what is no policy, it is left out", "occurred_at", a.From, "error", err)
			continue
		}
		n++
		if err := keepPolicy(dir, n, a.From, []byte(a.Content)); err != nil {
			return err
		}
		log.Info("policy restored from the decisions", "in_force_since", a.From)
	}
	return nil
}

// unannounced gives, for each policy of the folder that the store does not know yet, its decision. The same policy always
// makes the same decision, so that sending it twice changes nothing.
func unannounced(dir string, applied []warehouse.AppliedPolicy, now time.Time) ([]ingest.Message, error) {
	names, history, err := readHistory(dir)
	if err != nil {
		return nil, err
	}
	var messages []ingest.Message
	for i, h := range history {
		if slices.ContainsFunc(applied, func(a warehouse.AppliedPolicy) bool { return a.From.Equal(h.From) }) {
			continue
		}
		content, err := os.ReadFile(names[i])
		if err != nil {
			return nil, fmt.Errorf("policies: %w", err)
		}
		sum := sha256.Sum256(content)
		event := ingest.Event{
			EventID: "policy-" + h.From.Format(policyTime) + "-" + hex.EncodeToString(sum[:8]), Kind: ingest.KindPolicyApplied,
			OccurredAt: h.From, Actor: ingest.Actor{Role: ingest.RoleSystem}, Source: "wenguo",
			Data: &ingest.PolicyApplied{Revision: int64(h.Revision), Content: string(content)},
		}
		message, err := event.Message(now, false)
		if err != nil {
			return nil, fmt.Errorf("policies: %w", err)
		}
		messages = append(messages, message)
	}
	return messages, nil
}

// keepPolicy writes a policy as the n-th file of the folder.
func keepPolicy(dir string, n int, from time.Time, content []byte) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("policies: %w", err)
	}
	name := filepath.Join(dir, fmt.Sprintf("%04d-%s.yaml", n, from.UTC().Format(policyTime)))
	if err := os.WriteFile(name, content, 0o600); err != nil {
		return fmt.Errorf("keep policy: %w", err)
	}
	return nil
}

// byInstant orders the files of policies: one that was restored may have a higher number than a newer one.
func byInstant(a, b string) int {
	since := func(name string) string { return name[strings.LastIndexByte(name, '-')+1:] }
	return cmp.Or(cmp.Compare(since(a), since(b)), cmp.Compare(a, b))
}
