package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/ingest/intake"
	"wenguo/ingest/kafka"
)

// intakeTokenFile is the token's file in the data folder, where no other is configured.
const intakeTokenFile = "intake.token"

// intakeDrain bounds the wait for a Kafka that is away when everything stops. Whoever waits for an answer then gets none,
// and sends again.
const intakeDrain = 3 * time.Second

// startIntake gives the handler of POST /api/v1/events and starts the stage that ends its writes. It is started before
// the pages, so that it stops after them.
func startIntake(ctx context.Context, cfg config, all *stages, room *space, registry prometheus.Registerer, log *slog.Logger) (http.Handler, error) {
	settings, err := withToken(cfg, log)
	if err != nil {
		return nil, err
	}
	answers := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "wenguo_intake_requests_total", Help: "Requests with events over HTTP, by the status of the answer.",
	}, []string{"status"})
	events := prometheus.NewCounter(prometheus.CounterOpts{Name: "wenguo_intake_events_total", Help: "Events taken in over HTTP and acknowledged by Kafka."})
	producer := kafka.NewProducer(cfg.Kafka, cfg.Kafka.Topic)
	handler, err := intake.New(settings, intake.Deps{
		Bus: producer, Now: time.Now, Log: log, Full: room.low.Load,
		Answered: func(status, n int) {
			answers.WithLabelValues(strconv.Itoa(status)).Inc()
			events.Add(float64(n))
		},
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start intake: %w", err), producer.Close())
	}
	registry.MustRegister(answers, events, prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Name: "wenguo_intake_in_flight_bytes", Help: "Bytes taken in over HTTP that Kafka has not acknowledged."},
		func() float64 { return float64(handler.Held()) }))
	all.start(ctx, "intake", func(ctx context.Context) error {
		<-ctx.Done()
		closed := make(chan error, 1)
		go func() {
			handler.Close()
			closed <- producer.Close()
		}()
		select {
		case err := <-closed:
			return err
		case <-time.After(intakeDrain):
			log.Warn("the bus did not answer the last writes of the intake; their senders were not told that they are kept")
			return nil
		}
	})
	return handler, nil
}

// withToken makes a token in the data folder where none is configured: the route is never open to whoever finds it, and
// whoever may read the folder can use it at once.
func withToken(cfg config, log *slog.Logger) (intake.Config, error) {
	settings := cfg.Intake
	if settings.Token != "" || settings.TokenFile != "" {
		return settings, nil
	}
	settings.TokenFile = filepath.Join(cfg.Data, intakeTokenFile)
	file, err := os.OpenFile(settings.TokenFile, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return settings, nil
	}
	if err != nil {
		return settings, fmt.Errorf("make the intake's token: %w", err)
	}
	_, err = file.WriteString(rand.Text() + rand.Text() + "\n")
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return settings, errors.Join(fmt.Errorf("make the intake's token: %w", err), os.Remove(settings.TokenFile))
	}
	log.Info("made a token for sending events over HTTP", "file", settings.TokenFile)
	return settings, nil
}
