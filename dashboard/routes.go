package dashboard

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"wenguo/transform"
)

// routes lists every address of the server.
func (s *Server) routes() *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.RedirectTrailingSlash, r.HandleMethodNotAllowed, r.UseRawPath = true, true, true
	r.ForwardedByClientIP = len(s.cfg.Front.TrustedProxies) > 0
	if err := r.SetTrustedProxies(s.cfg.Front.TrustedProxies); err != nil { // they were parsed before
		r.ForwardedByClientIP = false
	}
	r.Use(s.recovered, secure, s.ownHost, s.transport, s.admitted)
	r.NoRoute(s.visited, func(c *gin.Context) { s.fail(c, transform.ErrNotFound) })
	r.NoMethod(s.wrongMethod)

	r.GET("/static/*name", s.assets.serve)
	r.GET("/healthz", healthz)
	r.GET("/readyz", s.readyz)
	if s.deps.Metrics != nil {
		r.GET("/metrics", gin.WrapH(s.deps.Metrics))
	}

	if s.deps.Events != nil { // bounds its bodies itself: a batch of events is larger than any form
		r.POST("/api/v1/events", gin.WrapH(s.deps.Events))
	}

	if s.deps.Robots != nil { // bounds its bodies itself as well
		r.POST("/api/v1/notify/:robot", gin.WrapH(s.deps.Robots))
	}
	r.GET("/events", s.changes) // stays open, so it has no deadline

	bounded := r.Group("/", s.bounded)
	s.pageRoutes(bounded.Group("/", s.guarded))
	api := bounded.Group(apiRoot, s.checked) // every address here has an entry: see operation
	s.apiRoutes(api)
	s.files(r, api)
	return r
}

// pageRoutes are what people open; a form among them carries its session's token.
func (s *Server) pageRoutes(read *gin.RouterGroup) {
	read.GET("/", s.overview)
	read.GET("/timeliness", s.timeliness)
	read.GET("/kpis", s.kpis)
	read.GET("/issues", s.issues)
	read.GET("/issues/:id", s.issue)
	read.POST("/search", s.search)
	read.GET("/complaints", s.complaints)
	read.GET("/complaints/:id", s.complaint)
	read.GET("/satisfaction", s.satisfaction)
	read.GET("/flow", s.journey)
	read.GET("/alerts", s.alerts)
	read.GET("/fragments/alerts", s.alertsFragment)
	if s.deps.Alerts != nil {
		read.POST("/alerts/silences", s.silence)
		read.POST("/alerts/silences/end", s.unsilence)
	}
	read.GET("/quality", s.quality)
	if s.deps.Mailbox != nil {
		read.POST("/quality/replay", s.replay)
	}
	s.paperRoutes(read)
	read.GET(improvementPath, s.improvement)
	read.GET(improvementPath+"/new", s.newAction)
	read.GET(improvementPath+"/next", s.next)
	read.GET(improvementPath+"/:id", s.action)
	read.GET("/known", s.known)
	read.POST("/known", s.known)
	read.GET("/decisions", s.decisions)
	if s.deps.Bus != nil {
		read.POST("/decisions", s.decideForm)
	}
	read.GET("/fragments/overview", s.overviewFragment)
	read.GET("/fragments/due", s.dueFragment)
	read.GET("/fragments/freshness", s.freshnessFragment)
	read.GET("/styleguide", s.styleguide)
	read.POST("/complaints/:id", s.reveal)
	s.settingsRoutes(read)
	read.POST("/theme", s.theme)
	read.POST("/language", s.language)
}

// settingsRoutes are where people come in, and what they set.
func (s *Server) settingsRoutes(read *gin.RouterGroup) {
	if s.deps.Accounts != nil {
		read.GET("/sign-in", s.signInForm)
		read.POST("/sign-in", s.signIn)
		read.GET("/sign-in/provider", s.toProvider)
		read.GET("/sign-in/provider/back", s.fromProvider)
		read.GET("/welcome/:link", s.welcomeForm)
		read.POST("/welcome/:link", s.welcome)
		read.POST("/sign-out", s.signOut)
		read.POST("/settings/password", s.password)
		read.POST("/settings/sessions", s.sessions)
		read.GET("/settings/tokens", s.tokens)
		read.POST("/settings/tokens", s.newToken)
		read.POST("/settings/tokens/end", s.endToken)
		read.GET("/settings/accounts", s.accounts)
		read.POST("/settings/accounts", s.newAccount)
		read.POST("/settings/accounts/:id", s.changeAccount)
		read.GET("/settings/audit", s.audit)
		read.GET("/settings/audit.csv", s.auditCSV)
	}
	read.GET("/settings", s.settings)
	read.GET("/settings/policy", s.policy)
	read.GET("/settings/words", s.workbench)
	read.POST("/settings/words", s.workbench)
	if s.deps.Views != nil {
		read.GET("/settings/views", s.views)
		read.POST("/settings/views", s.saveView)
		read.POST("/settings/views/end", s.endView)
	}
}

// apiRoutes are what programs ask.
func (s *Server) apiRoutes(api *gin.RouterGroup) {
	api.GET("/decisions", s.apiDecisions)
	if s.deps.Bus != nil {
		api.POST("/decisions", s.ownSite, s.apiDecide)
	}
	s.paperAPI(api)
	api.GET("/actions", s.apiActions)
	api.GET("/actions/:id", s.apiAction)
	api.GET("/actions/:id/effect", s.apiEffect)
	api.GET("/improvement/next", s.apiNext)
	api.GET("/known", s.apiKnown)
	api.POST("/known", s.ownSite, s.apiKnownText)
	api.GET("/openapi.json", s.document)
	api.GET("/kpis", s.apiKPIs)
	api.GET("/strip", s.apiStrip)
	api.GET("/series", s.apiSeries)
	api.GET("/flow", s.apiFlow)
	api.GET("/departments", s.apiDepartments)
	api.GET("/heat", s.apiHeat)
	api.GET("/due", s.apiDue)
	api.GET("/waiting", s.apiWaiting)
	api.GET("/freshness", s.apiFreshness)
	api.GET("/quality", s.apiQuality)
	api.GET("/satisfaction", s.apiSatisfaction)
	api.GET("/satisfaction/drivers", s.apiDrivers)
	api.GET("/satisfaction/mix", s.apiMix)
	api.GET("/satisfaction/waiting", s.apiLowScores)
	api.GET("/lifecycle", s.apiJourney)
	api.GET("/lifecycle/transfers", s.apiMoves)
	api.GET("/alerts", s.apiAlerts)
	api.GET("/issues", s.apiIssues)
	api.GET("/issues/:id", s.apiIssue)
	api.GET("/issues/:id/lineage", s.apiIssueLineage)
	api.GET("/issues/:id/members", s.apiIssueMembers)
	api.GET("/search", s.apiSearch)
	api.POST("/search", s.ownSite, s.apiResolve)
	api.GET("/complaints", s.apiComplaints)
	api.GET("/complaints/:id", s.apiComplaint)
	api.GET("/complaints/:id/issue", s.apiWhy)
}

// paperRoutes are the papers and what is published.
func (s *Server) paperRoutes(read *gin.RouterGroup) {
	read.GET("/reports", s.reports)
	read.GET("/reports/looks", s.secondLooks)
	read.GET("/reports/:paper", s.paper)
	if s.deps.Bus != nil {
		read.POST("/reports/publish", s.publishForm)
	}
}

func (s *Server) paperAPI(api *gin.RouterGroup) {
	api.GET("/reports", s.apiReports)
	api.GET("/reports/published", s.apiPublished)
	if s.deps.Bus != nil {
		api.POST("/reports/published", s.ownSite, s.apiPublish)
	}
	api.GET("/looks", s.apiLooks)
}

// healthz says that the process answers.
func healthz(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// readyz says that the store answers too.
func (s *Server) readyz(c *gin.Context) {
	if s.deps.Ready != nil {
		if err := s.deps.Ready(c.Request.Context()); err != nil {
			c.String(http.StatusServiceUnavailable, "not ready: %s\n", err.Error())
			return
		}
	}
	c.String(http.StatusOK, "ready\n")
}
