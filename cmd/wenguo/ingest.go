package main

import (
	"context"

	"github.com/spf13/cobra"
)

// newIngest is the consumers alone, for as many machines as there are partitions.
func newIngest() *cobra.Command {
	return newRole("ingest", "Run only the consumers: from a shared Kafka into a shared ClickHouse", func(ctx context.Context, r role) error {
		events, decisions, err := newConsumers(r.cfg, r.store, nil, func() {}, r.registry, r.log)
		if err != nil {
			return err
		}
		r.stages.start(ctx, "decisions", decisions.Run)
		r.stages.start(ctx, "consumer", events.Run)
		return nil
	})
}
