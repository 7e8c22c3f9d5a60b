package dashboard

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
	"wenguo/dashboard/watch"
	"wenguo/transform"
)

// silenceHours are how long a silence may last; a longer one is forgotten.
var silenceHours = []int{1, 2, 4, 8, 24} //nolint:gochecknoglobals // a constant list

// silenceLabels are what a silence of the page may name, in the order they are written.
var silenceLabels = []string{"alertname", "department", "stage", "priority", "case_id"} //nolint:gochecknoglobals // a constant list

// silence keeps the alerts that a form describes from being told, and leads back to the page.
func (s *Server) silence(c *gin.Context) {
	now := s.deps.Now()
	wanted := watch.Silence{
		StartsAt: now.UTC(), CreatedBy: strings.TrimSpace(c.PostForm("by")), Comment: strings.TrimSpace(c.PostForm("comment")),
	}
	hours, err := strconv.Atoi(c.PostForm("hours"))
	switch {
	case err != nil || !slices.Contains(silenceHours, hours):
		s.fail(c, badField("hours", "静默多久：1、2、4、8 或 24 小时"))
		return
	case wanted.CreatedBy == "" || wanted.Comment == "":
		s.fail(c, badField("comment", "写上是谁、为什么静默：接班的人要看得懂"))
		return
	case len(wanted.CreatedBy) > maxValueBytes || len(wanted.Comment) > maxValueBytes:
		s.fail(c, badField("comment", "姓名和原因都不能超过 "+strconv.Itoa(maxValueBytes)+" 个字节"))
		return
	case c.PostForm("alertname") == "" || c.PostForm("alertname") == watchdog:
		s.fail(c, badField("alertname", "缺少要静默的告警"))
		return
	}
	if p, known := account.From(c.Request.Context()); known {
		wanted.CreatedBy = p.Login
	}
	wanted.EndsAt = wanted.StartsAt.Add(time.Duration(hours) * time.Hour)
	for _, label := range silenceLabels {
		value, given := c.GetPostForm(label)
		if len(value) > maxValueBytes {
			s.fail(c, badField(label, "值太长"))
			return
		}
		if given && (value != "" || label == "department") { // an absent department is one too
			wanted.Matchers = append(wanted.Matchers, watch.Matcher{Name: label, Value: value, IsEqual: true})
		}
	}
	if err := s.deps.Alerts.Silence(c.Request.Context(), wanted); err != nil {
		s.failDesk(c, err)
		return
	}
	if err := s.note(c.Request.Context(), noteSilence, c.PostForm("alertname"), strconv.Itoa(hours)+" h"); err != nil {
		s.fail(c, err)
		return
	}
	s.log.Info("alerts silenced", "alert", c.PostForm("alertname"), "hours", hours)
	c.Redirect(http.StatusSeeOther, address("/alerts", url.Values{"done": {"silenced"}}))
}

// unsilence ends a silence now.
func (s *Server) unsilence(c *gin.Context) {
	id := c.PostForm("id")
	if id == "" || len(id) > 64 {
		s.fail(c, badField("id", "缺少要解除的静默"))
		return
	}
	if err := s.deps.Alerts.Unsilence(c.Request.Context(), id); err != nil {
		s.failDesk(c, err)
		return
	}
	if err := s.note(c.Request.Context(), noteSilence, id, "end"); err != nil {
		s.fail(c, err)
		return
	}
	s.log.Info("a silence was ended", "id", id)
	c.Redirect(http.StatusSeeOther, address("/alerts", url.Values{"done": {"ended"}}))
}

// failDesk says that Alertmanager does not answer, which is no fault of the store.
func (s *Server) failDesk(c *gin.Context, err error) {
	if errors.Is(err, watch.ErrAway) {
		c.Redirect(http.StatusSeeOther, address("/alerts", url.Values{"done": {"away"}}))
		return
	}
	s.fail(c, err)
}

// silenceWords tell what a form did, from the address it led to.
func silenceWords(done string) string {
	return map[string]string{
		"silenced": "已静默：在此期间不再通知，告警照样显示。", "ended": "已解除静默：仍在告警的会重新通知。", "away": "没有做成：Alertmanager 没有运行。",
	}[done]
}

// alertsAnswer is what /api/v1/alerts says.
type alertsAnswer struct {
	At time.Time `json:"at"`
	// Away is why nothing is known of alerts: off, missing or silent; Told is false when Alertmanager is away.
	Away   string        `json:"away,omitempty"`
	Told   bool          `json:"told"`
	Health watch.Health  `json:"health"`
	Firing []watch.Alert `json:"firing"`
	// Next are the deadlines of urgent and high complaints to come, Overdue those that have passed.
	Next     []transform.OpenClock `json:"next"`
	Overdue  []transform.OpenClock `json:"overdue"`
	Budgets  []budget              `json:"budgets"`
	Silences []watch.Silence       `json:"silences"`
}

func (s *Server) apiAlerts(c *gin.Context) {
	answer(s, c, nil, func(ctx context.Context, _ view) (alertsAnswer, error) {
		now := s.deps.Now().In(s.cfg.Zone)
		known := s.askFiring(ctx)
		due, err := s.nextDeadlines(ctx, now)
		if err != nil {
			return alertsAnswer{}, err
		}
		a := alertsAnswer{At: now, Away: known.away, Told: known.told, Health: known.health, Firing: list(known.alerts), Next: list(due.Upcoming), Overdue: list(due.Overdue)}
		if a.Budgets, err = s.budgets(ctx, now); err != nil {
			return alertsAnswer{}, err
		}
		if known.told {
			a.Silences, err = s.deps.Alerts.Silences(ctx)
		}
		a.Budgets, a.Silences, a.Health.Rules = list(a.Budgets), list(a.Silences), list(a.Health.Rules)
		return a, err
	})
}

func alertOperations() []operation {
	return []operation{
		read("告警", "alerts", "/alerts", "正在告警、接下来到期、额度与静默", alertsAnswer{}, about()...).
			described("回答此刻；时间范围与筛选不起作用。away 不为空时没有 Prometheus，told 为 false 时没有 Alertmanager。"),
	}
}
