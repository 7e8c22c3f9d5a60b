package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"

	"wenguo/transform/text"
	"wenguo/warehouse"
)

// dictionary is the segmenter that issues, the search and its queries share. It is loaded as a stage: nothing else need wait
// for it.
type dictionary struct {
	cfg   config
	store *warehouse.Store
	ready chan struct{}
	seg   *text.Segmenter
}

func newDictionary(cfg config, store *warehouse.Store) *dictionary {
	return &dictionary{cfg: cfg, store: store, ready: make(chan struct{})}
}

// Run loads the dictionaries and keeps them until ctx ends.
func (d *dictionary) Run(ctx context.Context) error {
	seg, err := openWords(d.cfg)
	if err != nil {
		return err
	}
	defer seg.Close()
	d.seg = seg
	d.store.UseSegmenter(seg)
	close(d.ready)
	<-ctx.Done()
	return nil
}

// wait gives the segmenter once it is loaded; nil when ctx ends before.
func (d *dictionary) wait(ctx context.Context) *text.Segmenter {
	select {
	case <-d.ready:
		return d.seg
	case <-ctx.Done():
		return nil
	}
}

// Cut gives the pieces of a text; false while the dictionaries load.
func (d *dictionary) Cut(words string) ([]string, bool) {
	select {
	case <-d.ready:
		return d.seg.Cut(words), true
	default:
		return nil, false
	}
}

// Terms are the installation's own.
func (d *dictionary) Terms() []string {
	if d.cfg.Issues.Terms == "" {
		return nil
	}
	terms, err := text.ReadTermsFile(d.cfg.Issues.Terms)
	if err != nil {
		return nil
	}
	return terms
}

// openWords loads the dictionaries with the installation's own terms.
func openWords(cfg config) (*text.Segmenter, error) {
	var terms []string
	if cfg.Issues.Terms != "" {
		file, err := os.Open(cfg.Issues.Terms)
		if err != nil {
			return nil, fmt.Errorf("read terms: %w", err)
		}
		terms, err = text.ReadTerms(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return nil, fmt.Errorf("terms in %s: %w", cfg.Issues.Terms, err)
		}
	}
	segmenter, err := text.Open(filepath.Join(cfg.Data, "dict"), terms...)
	if err != nil {
		return nil, fmt.Errorf("load dictionaries: %w", err)
	}
	return segmenter, nil
}

// indexTexts keeps what is searched behind the facts.
func indexTexts(ctx context.Context, cfg config, store *warehouse.Store, words *dictionary, registry *prometheus.Registry, log *slog.Logger) error {
	segmenter := words.wait(ctx)
	if segmenter == nil {
		return nil
	}
	indexer := warehouse.NewIndexer(store, segmenter, cfg.Facts.Poll, log)
	registry.MustRegister(prometheus.NewCounterFunc(
		prometheus.CounterOpts{Name: "wenguo_search_texts_total", Help: "Texts stored for the search since the start."},
		func() float64 { return float64(indexer.Written()) }))
	if err := indexer.Run(ctx); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	return nil
}
