package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
	"wenguo/warehouse"
)

// eraseLook is how often the command looks whether the eraser is done.
const eraseLook = 100 * time.Millisecond

func newErase() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "erase --customer ID",
		Short: "Forget a customer: blank the personal data of all complaints of theirs, everywhere",
		Long: `Sends one erased event for each complaint that ever named the customer by this id, to the wenguo that runs on --data, and
waits until nothing of theirs is in any table. What stays and when the last copies on the disk are gone says docs/privacy.md.
Sending it again changes nothing.`,
		Args: cobra.NoArgs,
	}
	load := configFlags(cmd.Flags())
	customer := cmd.Flags().String("customer", "", "the customer's id in the system that sends the complaints")
	complaints := cmd.Flags().StringSlice("complaint", nil, "a complaint's id, for a customer who has none (repeatable)")
	reason := cmd.Flags().String("reason", "客户申请删除个人信息", "why, without naming the customer")
	timeout := cmd.Flags().Duration("timeout", time.Hour, "how long to wait; what is not done by then is done all the same")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if *customer == "" && len(*complaints) == 0 {
			return usageError{errors.New("--customer is missing: name the customer, or complaints with --complaint")}
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), *timeout)
		defer cancel()
		n, err := eraseCustomer(ctx, cfg, *customer, *complaints, *reason)
		if err != nil {
			return fmt.Errorf("erase: %w", err)
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "已删除 %d 件投诉中的个人信息（此前已删除的不计）\n", n)
		return nil
	}
	return cmd
}

// eraseCustomer gives the number of complaints that it had erased.
func eraseCustomer(ctx context.Context, cfg config, customer string, complaints []string, reason string) (int, error) {
	running, err := findInstance(ctx, cfg.Data)
	if errors.Is(err, errNotRunning) {
		return 0, fmt.Errorf("no wenguo runs on %s: start one with `wenguo up --data %s`", cfg.Data, cfg.Data)
	}
	if err != nil {
		return 0, err
	}
	cfg.Kafka.Brokers = running.Kafka
	store, err := warehouse.Open(ctx, running.ClickHouse, slog.New(slog.DiscardHandler))
	if err != nil {
		return 0, fmt.Errorf("open warehouse: %w", err)
	}
	defer store.Close()
	if err := caughtUp(ctx, cfg, store); err != nil { // a complaint on its way is the customer's too
		return 0, err
	}
	ids := slices.Clone(complaints)
	if customer != "" {
		found, err := store.CustomerComplaints(ctx, customer)
		if err != nil {
			return 0, fmt.Errorf("find complaints: %w", err)
		}
		ids = append(ids, found...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if err := sendErasures(ctx, cfg, ids, reason, time.Now()); err != nil {
		return 0, err
	}
	return len(ids), errors.Join(caughtUp(ctx, cfg, store), erased(ctx, store))
}

// caughtUp returns when the facts cover everything that is on the bus now.
func caughtUp(ctx context.Context, cfg config, store *warehouse.Store) error {
	ends, err := kafka.EndOffsets(ctx, cfg.Kafka, cfg.Kafka.Topic)
	if err != nil {
		return fmt.Errorf("look at the bus: %w", err)
	}
	for partition, end := range ends {
		if end == 0 {
			delete(ends, partition)
		}
	}
	if err := store.WaitForFacts(ctx, ends); err != nil {
		return fmt.Errorf("wait for facts: %w", err)
	}
	return nil
}

// erased returns when the eraser has nothing more to do.
func erased(ctx context.Context, store *warehouse.Store) error {
	for {
		due, err := store.ErasuresDue(ctx)
		if err != nil {
			return fmt.Errorf("wait for the eraser: %w", err)
		}
		if due == 0 {
			return nil
		}
		select {
		case <-time.After(eraseLook):
		case <-ctx.Done():
			return fmt.Errorf("%d complaints are still to be erased, which goes on: %w", due, ctx.Err())
		}
	}
}

// sendErasures returns when the bus has an erased event of each complaint.
func sendErasures(ctx context.Context, cfg config, ids []string, reason string, now time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	messages := make([]ingest.Message, 0, len(ids))
	for _, id := range ids {
		sum := sha256.Sum256([]byte(id))
		event := ingest.Event{
			EventID: "erased-" + hex.EncodeToString(sum[:12]) + "-" + strconv.FormatInt(now.UnixMilli(), 10), ComplaintID: id,
			Kind: ingest.KindErased, OccurredAt: now, Actor: ingest.Actor{Role: ingest.RoleSystem}, Source: "wenguo",
			Data: &ingest.Reasoned{Reason: reason},
		}
		message, err := event.Message(now, false)
		if err != nil {
			return fmt.Errorf("complaint %s: %w", id, err)
		}
		messages = append(messages, message)
	}
	producer := kafka.NewProducer(cfg.Kafka, cfg.Kafka.Topic)
	if err := errors.Join(producer.Produce(ctx, messages), producer.Close()); err != nil {
		return fmt.Errorf("send erased events: %w", err)
	}
	return nil
}
