package server

import (
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the figures for Prometheus. Labels are route templates, methods
// and statuses, never an address or a person.
type metrics struct {
	handler  http.Handler
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	reports  prometheus.Counter
	unrouted *routeMeter
}

// routeMeter holds the figures of one route, looked up once.
type routeMeter struct {
	seconds  func() prometheus.Observer // made when first wanted: most routes are rarely asked
	byStatus [600]atomic.Pointer[prometheus.Counter]
	make     func(status int) prometheus.Counter
}

// heapInUse tells what of the heap the last collection found in use: the rest of
// what the process holds may be garbage.
var heapInUse = collectors.GoRuntimeMetricsRule{Matcher: regexp.MustCompile(`^/gc/heap/live:bytes$`)}

func newMetrics(s *Server) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "convivio_requests_total", Help: "Requests answered, by route, method and status."}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "convivio_request_seconds", Help: "How long requests took, by route and method.",
			Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"route", "method"}),
		reports: prometheus.NewCounter(prometheus.CounterOpts{Name: "convivio_policy_reports_total", Help: "Reports of browsers that refused something on a page."}),
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(m.requests, m.seconds, m.reports, collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(heapInUse)),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), logCollector{s})
	if s.searches != nil {
		registry.MustRegister(s.searches.took)
	}
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{DisableCompression: true})
	m.unrouted = m.meter("other", "none")
	return m
}

func (m *metrics) meter(method, path string) *routeMeter {
	method = knownMethod(method)
	return &routeMeter{
		seconds: sync.OnceValue(func() prometheus.Observer { return m.seconds.WithLabelValues(path, method) }),
		make: func(status int) prometheus.Counter {
			return m.requests.WithLabelValues(path, method, strconv.Itoa(status))
		},
	}
}

// count takes one answered request into the figures.
func (m *metrics) count(route *Route, method string, status int, took time.Duration) {
	meter := m.unrouted
	if route != nil {
		meter = route.meter
	}
	meter.seconds().Observe(took.Seconds())
	if status < 0 || status >= len(meter.byStatus) {
		status = 0
	}
	c := meter.byStatus[status].Load()
	if c == nil {
		made := meter.make(status)
		c = &made
		meter.byStatus[status].Store(c)
	}
	(*c).Inc()
}

// knownMethod keeps made-up methods out of labels and logs.
func knownMethod(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return method
	}
	return "other"
}

// logCollector reads how far the log and its followers are, when asked.
type logCollector struct{ s *Server }

var (
	headDesc    = prometheus.NewDesc("convivio_log_head", "The last event of the log.", nil, nil)
	lagDesc     = prometheus.NewDesc("convivio_follower_lag", "Events a follower has not taken in yet.", []string{"follower"}, nil)
	socketsDesc = prometheus.NewDesc("convivio_live_sockets", "Live connections open now.", nil, nil)
	liveDesc    = prometheus.NewDesc("convivio_live_total", "Frames given to live connections, connections cut off because they read too slowly, resumed, and told to reload.", []string{"what"}, nil)
	lostDesc    = prometheus.NewDesc("convivio_log_lost", "Saved events known to be missing.", nil, nil)
)

// Describe and Collect make it a prometheus.Collector.
func (c logCollector) Describe(to chan<- *prometheus.Desc) {
	to <- headDesc
	to <- lagDesc
	to <- lostDesc
	to <- socketsDesc
	to <- liveDesc
}

// Collect is called when the figures are read.
func (c logCollector) Collect(to chan<- prometheus.Metric) {
	for _, f := range c.s.Followers {
		lag := max(0, c.s.store.Head()-f.Seq())
		to <- prometheus.MustNewConstMetric(lagDesc, prometheus.GaugeValue, float64(lag), f.Name())
	}
	to <- prometheus.MustNewConstMetric(headDesc, prometheus.GaugeValue, float64(c.s.store.Head()))
	if c.s.live != nil {
		f := c.s.live.Figures()
		to <- prometheus.MustNewConstMetric(socketsDesc, prometheus.GaugeValue, float64(f.Sockets))
		for what, n := range map[string]int64{"frames": f.Frames, "cut_off": f.CutOff, "resumed": f.Resumes, "reload": f.Reloads} {
			to <- prometheus.MustNewConstMetric(liveDesc, prometheus.CounterValue, float64(n), what)
		}
	}
	to <- prometheus.MustNewConstMetric(lostDesc, prometheus.GaugeValue, float64(c.s.store.Lost()))
}
