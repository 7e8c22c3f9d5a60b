package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

func newDecide() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "decide FILE",
		Short: "Send decisions to the running wenguo: merge, split and place, one JSON object a line",
		Long: `Sends decisions to the wenguo that runs on --data; docs/decisions.md describes them. Nothing is sent when a line is no
decision. Sending a file again changes nothing: a decision is known by its event_id.`,
		Args: arguments(1, "decide takes one FILE"),
	}
	load := configFlags(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		content, err := os.ReadFile(args[0])
		if err != nil {
			return fmt.Errorf("decide: %w", err)
		}
		messages, err := readDecisions(content, time.Now())
		if err != nil {
			return fmt.Errorf("decide: %s: %w", args[0], err)
		}
		if err := sendDecisions(cmd.Context(), cfg, messages); err != nil {
			return fmt.Errorf("decide: %w", err)
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%d 个决定已发送，下一次问题发现时生效\n", len(messages))
		return nil
	}
	return cmd
}

// readDecisions reads one decision a line; empty lines are left out.
func readDecisions(content []byte, now time.Time) ([]ingest.Message, error) {
	var messages []ingest.Message
	lines := bufio.NewScanner(bytes.NewReader(content))
	lines.Buffer(nil, len(content)+1)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		event, err := ingest.DecodeDecision(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		messages = append(messages, ingest.Message{Key: event.Key(), Value: bytes.Clone(line), Time: now})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	if len(messages) == 0 {
		return nil, errors.New("there is no decision in it")
	}
	return messages, nil
}

// sendDecisions returns when the bus has them all.
func sendDecisions(ctx context.Context, cfg config, messages []ingest.Message) error {
	running, err := findInstance(ctx, cfg.Data)
	if errors.Is(err, errNotRunning) {
		return fmt.Errorf("no wenguo runs on %s: start one with `wenguo up --data %s`", cfg.Data, cfg.Data)
	}
	if err != nil {
		return err
	}
	settings := cfg.Kafka
	settings.Brokers = running.Kafka
	producer := kafka.NewProducer(settings, ingest.TopicDecisions)
	return errors.Join(producer.Produce(ctx, messages), producer.Close())
}
