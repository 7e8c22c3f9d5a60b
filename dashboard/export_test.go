package dashboard

import (
	"github.com/gin-gonic/gin"

	"wenguo/dashboard/account"
)

// Routes lists the addresses of the server, for tests.
func (s *Server) Routes() gin.RoutesInfo { return s.engine.Routes() }

// APIRoot is what the addresses of the API begin with.
const APIRoot = apiRoot

// ActionOf is what somebody does at an address, for tests.
func ActionOf(method, route string) (account.Action, bool) { return actionOf(method, route) }

// AddRoute adds an address that nobody entered into the table of access.
func (s *Server) AddRoute(path string) {
	s.engine.GET(path, func(c *gin.Context) { c.String(200, "wide open") })
}

// Cookie is the name of the session's cookie.
func (s *Server) Cookie() string { return s.cookie() }
