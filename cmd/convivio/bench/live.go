package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// What live delivery is held against.
const (
	deliveryShare = 1.5
	socketBytes   = 30 << 10
)

// plan is what the process that holds the sockets is told.
type plan struct {
	Ours, Bare       string // addresses
	OursPID, BarePID int
	Idea             int64
	Tokens           []string // each opens as many sockets as the others
	Sockets          int
	Bodies           []string // JSON strings of the comments to post, one after the other
}

// delivered is what it found out.
type delivered struct {
	Ours, Bare measured
}

// measured is one server's part.
type measured struct {
	P50, P99 []time.Duration // of each message, over all sockets
	All99    time.Duration   // over all sockets and messages
	Bytes    int             // of a message
	Opened   time.Duration   // how long opening all sockets took
	Socket   float64         // bytes of memory a socket costs while nothing happens
	After    float64         // and after the messages
	Resident int64           // bytes of the whole process then, garbage and mapped files included
}

// live measures how fast a comment reaches everyone who has its idea open, and
// what an open page costs. The servers are fresh ones, so that memory they
// needed for something else before does not hide what sockets need.
func (r *run) live(ctx context.Context) (err error) {
	if err := r.say(ctx, "live, %s sockets on one idea", grouped(int64(r.sockets))); err != nil {
		return err
	}
	if err := r.restart(ctx); err != nil {
		return err
	}
	bodies, err := encodedBodies(r.messages + 1)
	if err != nil {
		return err
	}
	in, err := json.Marshal(plan{Ours: r.ours.addr, Bare: r.bare.addr, OursPID: r.ours.cmd.Process.Pid, BarePID: r.bare.cmd.Process.Pid,
		Idea: r.company.ideas[0], Tokens: r.company.tokens, Sockets: r.sockets, Bodies: bodies})
	if err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	var out, faults bytes.Buffer
	cmd := command(ctx, r.binary, "bench-sockets")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, io.MultiWriter(&faults, r.stages.out)
	if err := cmd.Run(); err != nil {
		return errors.Join(fmt.Errorf("hold the sockets: %w", err), ctx.Err())
	}
	var d delivered
	if err := json.Unmarshal(out.Bytes(), &d); err != nil {
		return fmt.Errorf("read what the sockets found out: %w", err)
	}
	r.showLive(d)
	return nil
}

func (r *run) showLive(d delivered) {
	ours, bare := inSeconds(d.Ours.P99), inSeconds(d.Bare.P99)
	share := median(ours) / median(bare)
	middle := func(list []time.Duration) string { return millis(percentile(list, 0.5)) }
	r.table.say(fmt.Sprintf("live, comment to %s sockets, p50", grouped(int64(r.sockets))), middle(d.Ours.P50), middle(d.Bare.P50),
		fmt.Sprintf("%.2f", median(inSeconds(d.Ours.P50))/median(inSeconds(d.Bare.P50))))
	r.table.hold(fmt.Sprintf("  p99 of a message, median of %d", len(ours)), middle(d.Ours.P99), middle(d.Bare.P99),
		fmt.Sprintf("%.2f", share), fmt.Sprintf("≤ %.1f", deliveryShare), share <= deliveryShare)
	r.table.say("  p99 of all messages together", millis(d.Ours.All99), millis(d.Bare.All99), fmt.Sprintf("%.2f", d.Ours.All99.Seconds()/d.Bare.All99.Seconds()))
	r.table.say("  bytes of a message", grouped(int64(d.Ours.Bytes)), grouped(int64(d.Bare.Bytes)), "")
	r.table.hold("  memory a socket", kib(d.Ours.Socket), kib(d.Bare.Socket), fmt.Sprintf("%.2f", d.Ours.Socket/d.Bare.Socket),
		"≤ "+kib(socketBytes), d.Ours.Socket > 0 && d.Ours.Socket <= socketBytes)
	r.table.say("  memory a socket, after the messages", kib(d.Ours.After), kib(d.Bare.After), "")
	r.table.say("  resident then, all of the server", mib(d.Ours.Resident), mib(d.Bare.Resident), "")
	r.table.say("  opening all sockets", seconds(d.Ours.Opened), seconds(d.Bare.Opened), "")
}

func inSeconds(list []time.Duration) []float64 {
	out := make([]float64, len(list))
	for i, d := range list {
		out[i] = d.Seconds()
	}
	return out
}
