package watch

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/api"
	promv1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
)

// ErrAway says that the program asked does not run or does not answer.
var ErrAway = errors.New("it does not answer")

// Client asks Prometheus and Alertmanager.
type Client struct {
	// PrometheusURL and AlertmanagerURL are where their own pages are; empty where there is none.
	PrometheusURL, AlertmanagerURL string
	// Absent says why nothing can be asked: off or missing; empty where something can.
	Absent string

	prometheus promv1.API
	http       *http.Client
}

func away(why string) *Client { return &Client{Absent: why} }

// askTime bounds one question: a page waits for it.
const askTime = 5 * time.Second

func newClient(prometheus, alertmanager string) (*Client, error) {
	c, err := api.NewClient(api.Config{Address: prometheus})
	if err != nil {
		return nil, fmt.Errorf("ask prometheus: %w", err)
	}
	return &Client{
		PrometheusURL: prometheus, AlertmanagerURL: strings.TrimRight(alertmanager, "/"), prometheus: promv1.NewAPI(c),
		http: &http.Client{Timeout: askTime},
	}, nil
}

// Address is where the own pages of both are, and why there are none.
func (c *Client) Address() (prometheus, alertmanager, absent string) {
	return c.PrometheusURL, c.AlertmanagerURL, c.Absent
}

// Alert is one that fires or is about to.
type Alert struct {
	Name        string            `json:"name"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	// Since is when its condition began to hold. Pending says that it has to hold longer before anybody is told.
	Since   time.Time `json:"since"`
	Pending bool      `json:"pending,omitempty"`
	Value   string    `json:"value,omitempty"`
	// Receivers are told. A silenced or inhibited alert is told to nobody.
	Receivers []string `json:"receivers,omitempty"`
	Silenced  []string `json:"silenced_by,omitempty"`
	Inhibited []string `json:"inhibited_by,omitempty"`
	// Untold says that Alertmanager does not know it: it has just begun, or Alertmanager is away.
	Untold bool `json:"untold,omitempty"`
}

// Firing are the alerts of Prometheus, with what Alertmanager does about them; told is false when Alertmanager is away.
func (c *Client) Firing(ctx context.Context) (alerts []Alert, told bool, err error) {
	if c.prometheus == nil {
		return nil, false, ErrAway
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	found, err := c.prometheus.Alerts(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("prometheus: %w: %w", ErrAway, err)
	}
	var known []managed
	told = c.ask(ctx, http.MethodGet, "/api/v2/alerts", nil, &known) == nil
	byLabels := map[string]managed{}
	for _, m := range known {
		byLabels[labelKey(m.Labels)] = m
	}
	for _, f := range found.Alerts {
		a := Alert{
			Name: string(f.Labels[model.AlertNameLabel]), Labels: plain(f.Labels), Annotations: plain(f.Annotations),
			Since: f.ActiveAt, Pending: f.State == promv1.AlertStatePending, Value: f.Value,
		}
		m, ok := byLabels[labelKey(a.Labels)]
		a.Untold = !ok && !a.Pending
		a.Silenced, a.Inhibited = m.Status.SilencedBy, m.Status.InhibitedBy
		for _, r := range m.Receivers {
			a.Receivers = append(a.Receivers, r.Name)
		}
		alerts = append(alerts, a)
	}
	slices.SortFunc(alerts, func(a, b Alert) int {
		return cmp.Or(cmp.Compare(severity(a), severity(b)), a.Since.Compare(b.Since), cmp.Compare(labelKey(a.Labels), labelKey(b.Labels)))
	})
	return alerts, told, nil
}

func severity(a Alert) int {
	return slices.Index([]string{"", "warning", "critical"}, a.Labels["severity"]) * -1
}

func plain(set model.LabelSet) map[string]string {
	out := make(map[string]string, len(set))
	for k, v := range set {
		out[string(k)] = string(v)
	}
	return out
}

func labelKey(labels map[string]string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		fmt.Fprintf(&b, "%q=%q,", k, labels[k])
	}
	return b.String()
}

// managed is an alert as Alertmanager's API has it.
type managed struct {
	Labels map[string]string `json:"labels"`
	Status struct {
		SilencedBy  []string `json:"silencedBy"`
		InhibitedBy []string `json:"inhibitedBy"`
	} `json:"status"`
	Receivers []struct {
		Name string `json:"name"`
	} `json:"receivers"`
}

// Health is how well Prometheus works.
type Health struct {
	// Rules are the alerting rules; Broken those whose last evaluation failed, with its error.
	Rules  []string `json:"rules"`
	Broken []string `json:"broken,omitempty"`
	// Scraped is when the exporter was last read; zero before. ScrapeError says why the last reading failed.
	Scraped     time.Time `json:"scraped,omitzero"`
	ScrapeError string    `json:"scrape_error,omitempty"`
}

// Health asks Prometheus about its rules and about the exporter.
func (c *Client) Health(ctx context.Context) (Health, error) {
	if c.prometheus == nil {
		return Health{}, ErrAway
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	rules, err := c.prometheus.Rules(ctx, nil)
	if err != nil {
		return Health{}, fmt.Errorf("prometheus: %w: %w", ErrAway, err)
	}
	var h Health
	for _, g := range rules.Groups {
		for _, r := range g.Rules {
			if a, ok := r.(promv1.AlertingRule); ok {
				h.Rules = append(h.Rules, a.Name)
				if a.Health == promv1.RuleHealthBad {
					h.Broken = append(h.Broken, a.Name+": "+a.LastError)
				}
			}
		}
	}
	targets, err := c.prometheus.Targets(ctx)
	if err != nil {
		return Health{}, fmt.Errorf("prometheus: %w: %w", ErrAway, err)
	}
	for _, t := range targets.Active {
		if t.Labels["job"] == "wenguo" && t.LastScrape.After(h.Scraped) {
			h.Scraped, h.ScrapeError = t.LastScrape, t.LastError
		}
	}
	return h, nil
}

// ask calls Alertmanager's API.
func (c *Client) ask(ctx context.Context, method, path string, send, receive any) error {
	if c.http == nil {
		return ErrAway
	}
	var body io.Reader = http.NoBody
	if send != nil {
		raw, err := json.Marshal(send)
		if err != nil {
			return fmt.Errorf("alertmanager: %w", err)
		}
		body = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.AlertmanagerURL+path, body)
	if err != nil {
		return fmt.Errorf("alertmanager: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return fmt.Errorf("alertmanager: %w: %w", ErrAway, err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
	if err != nil {
		return fmt.Errorf("alertmanager: %w: %w", ErrAway, err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("alertmanager: HTTP %d: %.200s", response.StatusCode, said)
	}
	if receive == nil {
		return nil
	}
	if err := json.Unmarshal(said, receive); err != nil {
		return fmt.Errorf("alertmanager: %w", err)
	}
	return nil
}
