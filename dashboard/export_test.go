package dashboard

import "github.com/gin-gonic/gin"

// Routes lists the addresses of the server, for tests.
func (s *Server) Routes() gin.RoutesInfo { return s.engine.Routes() }

// APIRoot is what the addresses of the API begin with.
const APIRoot = apiRoot
