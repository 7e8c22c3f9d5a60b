package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"wenguo/dashboard"
	"wenguo/ingest"
	"wenguo/ingest/kafka"
)

// sessionKeyFile signs the sessions of the pages' forms, so that a form outlives a restart.
const sessionKeyFile = "session.key"

// curation is what deciding in the pages needs.
type curation struct {
	bus    dashboard.Bus
	secret []byte
}

// startCuration opens the way from the pages to the topic of decisions. It is started before the pages, so that it ends
// after them.
func startCuration(ctx context.Context, cfg config, all *stages) (curation, error) {
	secret, err := sessionKey(cfg.Data)
	if err != nil {
		return curation{}, err
	}
	producer := kafka.NewProducer(cfg.Kafka, ingest.TopicDecisions)
	all.start(ctx, "curation", func(ctx context.Context) error {
		<-ctx.Done()
		return producer.Close()
	})
	return curation{producer, secret}, nil
}

// sessionKey reads the folder's key, or makes one.
func sessionKey(data string) ([]byte, error) {
	path := filepath.Join(data, sessionKeyFile)
	key, err := os.ReadFile(path)
	if err == nil && len(key) > 0 {
		return key, nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read session key: %w", err)
	}
	key = []byte(rand.Text() + rand.Text())
	if err := os.WriteFile(path, key, 0o600); err != nil {
		return nil, fmt.Errorf("keep session key: %w", err)
	}
	return key, nil
}

// newID names what is decided in the pages.
func newID() string { return rand.Text() }
