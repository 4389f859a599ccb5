package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"convivio/search"
	"convivio/server"
	"convivio/server/live"
	"convivio/store"
)

const defaultListen = "localhost:8080"

// How long a server that was told to stop waits for requests and sockets, and
// how often it writes down what is kept in memory meanwhile.
const (
	drainTime   = 10 * time.Second
	headEvery   = time.Second
	marksEvery  = 2 * time.Second
	forgetEvery = 10 * time.Minute
	eraseEvery  = 15 * time.Second // what was deleted and cannot be taken back any more
	indexFirst  = 2 * time.Second  // how long the index may catch up before the first request is answered
)

// serveCommand serves the pages and the API.
type serveCommand struct {
	Listen       string   `help:"Address and port (localhost:8080)." placeholder:"ADDR" setting:""`
	Demo         bool     `help:"Serve a made-up company in a folder of its own; anyone on this machine may become anyone." setting:""`
	BaseURL      string   `help:"Where people reach the server, such as https://idee.example.it; every absolute address comes from it." placeholder:"URL" setting:""`
	TLSCert      string   `name:"tls-cert" help:"File with the certificate chain (PEM)." placeholder:"FILE" setting:""`
	TLSKey       string   `name:"tls-key" help:"File with its key (PEM)." placeholder:"FILE" setting:""`
	TrustedProxy []string `help:"Addresses of proxies whose forwarding headers count. May be repeated." placeholder:"CIDR" setting:""`
	RateLimit    string   `help:"Limit how often a person, or an address, may ask: on or off (${default})." enum:"on,off" default:"on" setting:""`
	MaxFile      int64    `help:"Largest file that may be attached, in MiB (${default})." default:"10" placeholder:"MIB" setting:""`
	MaxFilesDay  int64    `help:"What one person may attach in a day, in MiB (${default})." default:"200" placeholder:"MIB" setting:""`
	MaxFiles     int64    `help:"What all attached files may take, in GiB (${default})." default:"20" placeholder:"GIB" setting:""`
	AccessDays   int      `help:"How many days the access log, which says who asked for what, is kept: at most 21, 0 for none (${default})." default:"7" placeholder:"DAYS" setting:""`
	AcceptLoss   bool     `help:"Go on although saved events are missing; pages reload and the index is made anew."`
}

// Run serves until ctx ends, then lets go in good order.
func (c *serveCommand) Run(ctx context.Context, p *program) error {
	proxies, cert, err := c.check()
	if err != nil {
		return err
	}
	st, err := c.openStore(ctx, p)
	if err != nil {
		return unlessStopped(ctx, err)
	}
	s := &service{serveCommand: c, program: p, store: st, cert: cert, checks: make(chan func())}
	err = s.open(ctx, proxies)
	if err == nil {
		err = s.run(ctx)
	}
	return errors.Join(unlessStopped(ctx, err), s.close())
}

// unlessStopped leaves out that something was not finished because the server
// was told to stop while it began.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// check finds settings that do not go together.
func (c *serveCommand) check() (proxies []netip.Prefix, cert *tls.Certificate, err error) {
	if c.Demo && c.BaseURL != "" {
		return nil, nil, errors.New("--demo lets anyone in and is for this machine alone: it does not go with --base-url")
	}
	if c.MaxFile < 1 || c.MaxFile > 1024 || c.MaxFilesDay < c.MaxFile || c.MaxFilesDay > 1<<20 || c.MaxFiles < 1 || c.MaxFiles > 1<<20 {
		return nil, nil, errors.New("--max-file is 1 to 1024 MiB, --max-files-day no less than that, and --max-files at least 1 GiB")
	}
	if c.AccessDays < 0 || c.AccessDays > server.MostVisitDays {
		return nil, nil, fmt.Errorf("--access-days is 0 to %d: a log that says who asked for what is not kept longer", server.MostVisitDays)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return nil, nil, errors.New("--tls-cert and --tls-key go together")
	}
	if c.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return nil, nil, fmt.Errorf("read the certificate: %w", err)
		}
		cert = &pair
	}
	for _, text := range c.TrustedProxy {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			addr, err := netip.ParseAddr(text)
			if err != nil {
				return nil, nil, fmt.Errorf("--trusted-proxy %q is no address, and no range such as 10.0.0.0/8", text)
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		proxies = append(proxies, prefix)
	}
	return proxies, cert, nil
}

func (c *serveCommand) openStore(ctx context.Context, p *program) (*store.Store, error) {
	o := store.Options{AcceptLoss: c.AcceptLoss, Files: store.FileLimits{Each: c.MaxFile << 20, PerDay: c.MaxFilesDay << 20, Total: c.MaxFiles << 30}}
	if c.Demo {
		return openDemo(ctx, cmp.Or(p.data, "data-demo"), o)
	}
	o.Dir = p.folder()
	return store.Open(ctx, o)
}

// service is a server and everything that runs beside it.
type service struct {
	*serveCommand
	*program
	store    *store.Store
	cert     *tls.Certificate
	index    *search.Index
	hub      *live.Hub
	server   *server.Server
	http     *http.Server
	visits   *server.Visits
	listener net.Listener
	control  *control
	checks   chan func() // what is done between two runs of the index
}

// open makes everything ready to serve. What it opened is closed by close, also
// when it fails half way.
func (s *service) open(ctx context.Context, proxies []netip.Prefix) (err error) {
	if s.listener, err = net.Listen("tcp", cmp.Or(s.Listen, defaultListen)); err != nil {
		return fmt.Errorf("listen (--listen takes another address): %w", err)
	}
	if s.index, err = search.Open(filepath.Join(s.store.Dir(), indexFolder), s.store); err != nil {
		return fmt.Errorf("open the search index: %w", err)
	}
	if err := s.lookForLoss(ctx); err != nil {
		return err
	}
	config := server.Config{Store: s.store, Index: s.index, Topics: search.NewTopics(s.index, s.store, time.Now), BaseURL: s.BaseURL, Listen: s.address(), TLS: s.cert != nil,
		TrustedProxies: proxies, RateLimit: s.RateLimit == "on", Version: version(), Log: slog.Default()}
	if config.Visits, err = server.OpenVisits(filepath.Join(s.store.Dir(), accessFolder), s.AccessDays, time.Now); err != nil {
		return err
	}
	s.visits = config.Visits
	if s.Demo {
		if config.Demo, err = demoFaces(ctx, s.store); err != nil {
			return err
		}
	}
	if s.server, err = server.New(config); err != nil {
		return err
	}
	s.hub = live.New(s.store, s.server, live.Options{})
	s.server.AddLive(s.hub)
	s.server.Followers = []server.Follower{follower{"search", s.index.Seq}, s.hub, follower{"notices", s.store.NoticesSeq}, follower{"tally", s.store.TallySeq}}
	s.http = s.server.HTTPServer()
	if s.cert != nil {
		s.http.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*s.cert}}
	}
	s.control, err = openControl(s.store.Dir(), &desk{store: s.store, link: s.server.LinkURL, check: s.checkIndex})
	return err
}

// address is where the server listens: the host as it was given, the port as it
// came out.
func (s *service) address() string {
	host, _, err := net.SplitHostPort(cmp.Or(s.Listen, defaultListen))
	_, port, portErr := net.SplitHostPort(s.listener.Addr().String())
	if err != nil || portErr != nil {
		return s.listener.Addr().String()
	}
	return net.JoinHostPort(host, port)
}

// lookForLoss hears what the index knows of the log. An index that is ahead of
// it proves that saved events are gone.
func (s *service) lookForLoss(ctx context.Context) error {
	epoch, seq := s.index.Cursor()
	s.store.Witness(epoch, seq)
	lost := s.store.Lost()
	switch {
	case lost > 0 && s.AcceptLoss:
		return s.store.AcceptLoss(ctx)
	case lost > 0:
		complain(s.stderr, fmt.Errorf("the last %d events that were saved are missing, so nothing can be changed until you decide: "+
			"restore a backup, or go on without them with serve --accept-loss", lost))
	}
	return nil
}

func (s *service) followCitations(ctx context.Context) error {
	return s.store.RunCitations(ctx, strings.TrimSuffix(s.BaseURL, "/"))
}

// run serves until ctx ends or the listener fails.
func (s *service) run(ctx context.Context) error {
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	for _, follow := range []func(context.Context) error{s.followIndex, s.hub.Run, s.store.RunNotices, s.followCitations, s.tellSaved, s.lookForDuplicates, s.store.RunAnswers, s.store.RunBreadth, s.store.RunTally, s.keep, s.server.RunReleases, s.forgetVisits, s.forgetWords, s.witnessAudit, s.tendMemory} {
		running.Go(func() {
			if err := follow(background); err != nil && background.Err() == nil {
				slog.Error("a follower of the log stopped", "error", err)
			}
		})
	}
	running.Go(func() { _ = s.store.WarmDirectory(background) }) // where it fails, whoever asks first reads it
	s.letIndexCatchUp(ctx)
	failed := make(chan error, 1)
	running.Go(func() { failed <- s.serveHTTP() })
	err := s.greet(ctx)
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-failed:
			err = fmt.Errorf("serve: %w", err)
		}
	}
	err = errors.Join(err, s.drain())
	s.server.Close()
	stop()
	running.Wait()
	return err
}

// lookForDuplicates lets new ideas that say what another says wait for a moderator.
func (s *service) lookForDuplicates(ctx context.Context) error {
	return s.store.RunDuplicates(ctx, s.index)
}

// tellSaved tells people what the searches they keep find.
func (s *service) tellSaved(ctx context.Context) error { return s.store.RunSaved(ctx, s.index) }

// follower shows what follows the log to those who watch the server.
type follower struct {
	name string
	seq  func() int64
}

func (f follower) Name() string { return f.name }
func (f follower) Seq() int64   { return f.seq() }

// followIndex lets the index follow the log. The index cannot be checked
// meanwhile, so it pauses for that.
func (s *service) followIndex(ctx context.Context) error {
	for {
		run, pause := context.WithCancel(ctx)
		ended := make(chan error, 1)
		go func() { ended <- s.index.Run(run) }()
		select {
		case check := <-s.checks:
			pause()
			err := <-ended
			check()
			if err != nil {
				return err
			}
		case err := <-ended:
			pause()
			return err
		}
	}
}

// checkIndex compares the index with the store while both are in use.
func (s *service) checkIndex(ctx context.Context) (faults []string, err error) {
	done := make(chan struct{})
	select {
	case s.checks <- func() { faults, err = s.index.Check(ctx); close(done) }:
		<-done
		return faults, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *service) serveHTTP() error {
	if s.cert != nil {
		return s.http.ServeTLS(s.listener, "", "")
	}
	return s.http.Serve(s.listener)
}

// letIndexCatchUp keeps the first visitor of a small or new company from searching
// an index that is still being made. A large one is made while people come in.
func (s *service) letIndexCatchUp(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, indexFirst)
	defer cancel()
	_ = s.index.Wait(ctx, s.store.Head()) // the pages say when it is not ready
}

// greet says where the server is, and how to become its first administrator.
func (s *service) greet(ctx context.Context) error {
	text := "Convivio is at " + s.server.URL("") + "\n"
	if !s.Demo && !s.store.ReadOnly() {
		secret, err := s.store.FirstAdminLink(ctx)
		if err != nil {
			return err
		}
		if secret != "" {
			text = fmt.Sprintf("There is no administrator yet. Become the first one with this link, which works once, for seven days:\n%s\n%s",
				s.server.LinkURL(store.FirstAdmin, secret), text)
		}
	}
	s.printf("%s", text)
	return nil
}

// keep writes down now and then what is kept in memory.
func (s *service) keep(ctx context.Context) error {
	head, marks, forget := time.NewTicker(headEvery), time.NewTicker(marksEvery), time.NewTicker(forgetEvery)
	defer head.Stop()
	defer marks.Stop()
	defer forget.Stop()
	if err := s.closeMonths(ctx); err != nil && ctx.Err() == nil && !s.store.ReadOnly() {
		slog.Error("the figures of a month could not be worked out", "error", err)
	}
	erase := time.NewTicker(eraseEvery)
	defer erase.Stop()
	for {
		var err error
		if s.store.ReadOnly() { // nothing can be written, and that was said
			<-ctx.Done()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-head.C:
			err = s.store.SaveHead()
		case <-marks.C:
			err = s.store.FlushMarks(ctx)
		case <-erase.C:
			err = s.store.ForgetRemoved(ctx)
		case <-forget.C:
			err = errors.Join(s.store.FlushUnfound(ctx), s.store.Forget(ctx), s.closeMonths(ctx), s.store.TellDue(ctx), s.store.TellAdrift(ctx), s.store.TellLate(ctx))
		}
		if err != nil && ctx.Err() == nil {
			slog.Error("what is kept in memory could not be written down", "error", err)
		}
	}
}

// closeMonths works out the figures of months that are over, and orders what is
// released every month.
func (s *service) closeMonths(ctx context.Context) error {
	if err := s.store.CloseMonths(ctx); err != nil {
		return err
	}
	return s.store.OrderPlanned(ctx)
}

// drain lets go in good order: say that no new work should come, finish the
// requests under way, and send open pages away to come back a little later.
func (s *service) drain() error {
	s.server.Drain()
	control := s.control.close()
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	var sockets sync.WaitGroup
	sockets.Go(func() { s.hub.Drain(ctx) })
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		slog.Warn("some requests were cut off", "after", drainTime)
		err = s.http.Close()
	}
	sockets.Wait()
	return errors.Join(control, err)
}

// close lets go of what open opened.
func (s *service) close() error {
	var errs []error
	if s.listener != nil {
		if err := s.listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if s.index != nil {
		errs = append(errs, s.index.Close())
	}
	return errors.Join(append(errs, s.visits.Close(), s.store.Close())...)
}
