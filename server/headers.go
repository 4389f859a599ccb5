package server

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"convivio/store/board"
)

// maxRequestBody is how much a request may carry, in bytes.
const maxRequestBody = 1 << 20

// headers stand on every answer, errors and files included. They are made once.
type headers []header

type header struct {
	name  string // canonical
	value []string
}

const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'; " +
	"manifest-src 'self'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types part; report-to csp"

// composerPolicy is contentPolicy for pages on which files are attached.
var composerPolicy = []string{strings.Replace(contentPolicy, "img-src 'self'", "img-src 'self' blob:", 1)}

func newHeaders(secure bool) headers {
	h := headers{
		{"Content-Security-Policy", []string{contentPolicy}},
		{"Reporting-Endpoints", []string{`csp="/csp-reports"`}},
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Referrer-Policy", []string{"no-referrer"}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
		{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
		{"Cross-Origin-Embedder-Policy", []string{"require-corp"}},
		{"Permissions-Policy", []string{"camera=(), microphone=(), geolocation=(), interest-cohort=()"}},
		{"Cache-Control", []string{"no-store"}},
		{"Vary", []string{"Accept-Encoding, Cookie"}},
	}
	if secure {
		h = append(h, header{"Strict-Transport-Security", []string{"max-age=31536000; includeSubDomains"}})
	}
	return h
}

func (h headers) set(to http.Header) {
	for _, x := range h {
		to[x.name] = x.value
	}
}

// hostRule says under which names the server answers: a page from elsewhere
// that makes its own name point here must not be taken for ours.
type hostRule struct {
	host   string // of the base URL, or of the listener's address
	scheme string // of the base URL; empty: none was given, and loopback names are fine
}

func (h hostRule) allows(host string) bool {
	if h.scheme != "" {
		return strings.EqualFold(withoutDefaultPort(h.scheme, host), h.host)
	}
	name := hostOnly(host)
	return isLoopbackName(name) || h.host != "" && strings.EqualFold(name, h.host)
}

// hostOnly takes the port and the brackets off a Host header.
func hostOnly(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

func isLoopbackName(name string) bool {
	if strings.EqualFold(name, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(name)
	return err == nil && ip.IsLoopback()
}

func withoutDefaultPort(scheme, host string) string {
	if scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

// checkHost refuses requests under another name. Health is asked by machines
// that know only the address, figures by those on this machine.
func (s *Server) checkHost(r *request) error {
	path := r.URL.Path
	switch {
	case s.hosts.allows(r.Host), path == "/healthz", path == "/readyz":
		return nil
	case path == "/metrics" && isLoopbackName(hostOnly(r.Host)):
		return nil
	}
	return withStatus(http.StatusMisdirectedRequest, board.Fault(board.Invalid, "Convivio is not reached under this address here. An administrator can set the address with --base-url."))
}

// crossOrigin refuses writes that another site makes a browser send.
var crossOrigin = http.NewCrossOriginProtection()

// checkOrigin refuses cross-site writes. The standard check does not compare
// the Origin's scheme, and lets a write without any header through, which is
// right for programs but not for a browser that sends our cookie.
func (s *Server) checkOrigin(r *request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
		return nil
	}
	if bearer(r.Request) != "" && takesTokens(r.URL.Path) { // the cookie is not looked at
		return nil
	}
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	ok := crossOrigin.Check(r.Request) == nil && (site == "same-origin" || site == "")
	// Under no-referrer a browser hides where a form came from in Origin, and says
	// in Sec-Fetch-Site, which no script can set, that it came from here.
	hidden := origin == "null" && site == "same-origin"
	switch {
	case origin != "" && !hidden:
		ok = ok && s.ownOrigin(r.Request)
	case site == "":
		_, err := r.Cookie(s.cookieName())
		ok = ok && err != nil
	}
	if !ok {
		return board.Fault(board.Forbidden, "This request came from another site, so nothing was changed. Open the page here and try again.")
	}
	return nil
}

// ownOrigin tells whether the Origin header names this server, scheme and port included.
func (s *Server) ownOrigin(r *http.Request) bool {
	scheme := "http"
	switch {
	case s.base != nil:
		scheme = s.base.Scheme
	case r.TLS != nil:
		scheme = "https"
	}
	origin, ok := strings.CutPrefix(r.Header.Get("Origin"), scheme+"://")
	return ok && strings.EqualFold(withoutDefaultPort(scheme, origin), withoutDefaultPort(scheme, r.Host))
}
