// Package server is the front door: pages for people and an API for programs,
// from the same verbs of the store. There is one file per noun, with its routes
// first and its handlers after them.
//
// A handler is a function of a *request that returns an error; respond.go alone
// turns errors into responses, access.go alone decides who reaches a route.
package server

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/labstack/echo/v4"

	"convivio/store"
	"convivio/store/board"
)

// Config is what a server needs to know. Store and Index are required.
type Config struct {
	Store          *store.Store
	Index          Index
	Topics         Topics         // nil: nobody looks what grows
	Followers      []Follower     // whose lag /metrics shows
	BaseURL        string         // "https://idee.example.it": all absolute addresses come from it; empty: loopback names only
	Listen         string         // the listener's address; its host is accepted too when there is no BaseURL
	TLS            bool           // the listener itself speaks TLS
	TrustedProxies []netip.Prefix // whose X-Forwarded-For counts
	RateLimit      bool
	Demo           []DemoPerson // people anyone on this machine may become with one click; none: no demo
	Version        string
	Visits         *Visits      // the access log; nil: none
	Log            *slog.Logger // nil: slog.Default()
}

// Follower is something that follows the log, as /metrics shows it.
type Follower interface {
	Name() string
	Seq() int64 // the last event it has taken in
}

// Server answers requests. Make it with New.
type Server struct {
	Config
	store    *store.Store
	log      *slog.Logger
	base     *url.URL // nil without BaseURL
	hosts    hostRule
	secure   bool // people reach it over https
	headers  headers
	echo     *echo.Echo
	handler  http.Handler
	routes   []Route
	api      apiDocument
	limits   limits
	metrics  *metrics
	searches *searches // the Index of Config, measured
	live     Live      // nil before AddLive
	ids      requestIDs
	side     still[reader, []board.Board]
	told     still[int64, ideaTold]
	linked   still[linkedKey, store.Links]
	threads  threadCache
	draining atomic.Bool
	rosters  rosters
	began    time.Time

	working sync.WaitGroup  // what goes on beside requests
	closing context.Context // ends with Close
	close   context.CancelFunc
}

// New makes a server. Errors: a base URL that is none.
func New(c Config) (*Server, error) {
	s := &Server{Config: c, store: c.Store, log: c.Log, echo: echo.New(), ids: newRequestIDs(), limits: newLimits(), threads: newThreadCache(), began: time.Now()}
	s.closing, s.close = context.WithCancel(context.Background())
	if s.log == nil {
		s.log = slog.Default()
	}
	if err := s.readBaseURL(); err != nil {
		return nil, err
	}
	s.secure = c.TLS || s.base != nil && s.base.Scheme == "https"
	s.headers = newHeaders(s.secure)
	if c.Index != nil {
		s.searches = newSearches(c.Index)
		s.Index = s.searches
	}
	s.metrics = newMetrics(s)
	s.echo.HideBanner = true
	s.echo.IPExtractor = ipExtractor(c.TrustedProxies)
	s.addRoutes()
	handler, err := s.compressed(http.HandlerFunc(s.serve))
	if err != nil {
		return nil, err
	}
	s.handler = handler
	return s, nil
}

func (s *Server) readBaseURL() error {
	if s.BaseURL == "" {
		if host, _, err := net.SplitHostPort(s.Listen); err == nil {
			s.hosts.host = host
		}
		return nil
	}
	u, err := url.Parse(strings.TrimSuffix(s.BaseURL, "/"))
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return fmt.Errorf("the base URL %q is not of the form https://idee.example.it", s.BaseURL)
	}
	s.base = u
	s.hosts = hostRule{host: withoutDefaultPort(u.Scheme, u.Host), scheme: u.Scheme}
	return nil
}

// ipExtractor believes forwarding headers from trusted proxies alone.
func ipExtractor(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		p = p.Masked()
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

// addRoutes is the list of nouns: each adds its own routes.
func (s *Server) addRoutes() {
	for _, add := range []func(){
		s.healthRoutes, s.appRoutes, s.apiRoutes, s.signinRoutes, s.linkRoutes, s.accountRoutes, s.personRoutes, s.adminRoutes,
		s.homeRoutes, s.boardRoutes, s.memberRoutes, s.clockRoutes, s.ownerRoutes, s.ideaRoutes, s.stageRoutes, s.stageSettingRoutes, s.promiseRoutes, s.ideaDraftRoutes, s.commentRoutes, s.voteRoutes, s.answerRoutes, s.mergeRoutes, s.relocateRoutes, s.answerDraftRoutes, s.followRoutes, s.noticeRoutes, s.reactionRoutes, s.outlineRoutes,
		s.searchRoutes, s.citationRoutes, s.unfoundRoutes, s.expertRoutes, s.designRoutes, s.eventRoutes, s.fileRoutes, s.attachedRoutes,
		s.previewRoutes, s.completeRoutes, s.similarRoutes, s.topicRoutes, s.undoRoutes, s.versionRoutes,
		s.auditRoutes, s.figureRoutes, s.releaseRoutes, s.privacyRoutes,
		s.heldRoutes, s.ruleRoutes, s.slowRoutes, s.appealRoutes, s.ledgerRoutes, s.houseRoutes, // a fair house
		s.reportRoutes, s.decisionRoutes, s.reviewRoutes,
		s.peopleRoutes, s.teamRoutes, s.featureRoutes, s.stateRoutes, s.rosterRoutes, s.pinRoutes, s.announcementRoutes, s.boardRoleRoutes, // administration
	} {
		add()
	}
}

// Handler answers every request.
func (s *Server) Handler() http.Handler { return s.handler }

// HTTPServer is an http.Server with the limits that keep slow peers from
// holding it up. Responses have a deadline of their own, set for each request.
func (s *Server) HTTPServer() *http.Server {
	return &http.Server{
		Addr:              s.Listen,
		Handler:           s.handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		IdleTimeout:       90 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

// Drain says to whoever asks /readyz that no new work should come here.
func (s *Server) Drain() { s.draining.Store(true) }

// Close breaks off what goes on beside requests, such as a list of people being
// imported, and waits for it; what was done until then stays. Called when requests
// are over, before the store is closed.
func (s *Server) Close() {
	s.close()
	s.working.Wait()
}

// URL makes an absolute address of a path, from the base URL alone.
func (s *Server) URL(path string) string {
	if s.base != nil {
		return s.base.String() + path
	}
	scheme := "http"
	if s.TLS {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return scheme + "://localhost" + path
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && (ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port) + path
}

// compressed compresses answers for those who accept it. Live connections stay
// out: a compressor would be held as long as they last.
func (s *Server) compressed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.PreferZstd(true), gzhttp.ZstdCompressionLevel(int(zstd.SpeedFastest)),
		gzhttp.RandomJitter(32, 0, false))
	if err != nil {
		return nil, fmt.Errorf("set up compression: %w", err)
	}
	compressing := wrap(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/live" || r.Header.Get("Accept-Encoding") == "" {
			next.ServeHTTP(w, r)
			return
		}
		compressing(w, r)
	}), nil
}
