package gate_test

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"wenguo/e2e/gate"
)

// echo is a server that sends back what it gets.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(conn, conn)
				_ = conn.Close()
			}()
		}
	}()
	return listener.Addr().String()
}

func dial(t *testing.T, g *gate.Gate) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", g.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// ask sends eight bytes and reads the answer within a time.
func ask(conn net.Conn, within time.Duration) (string, error) {
	_ = conn.SetDeadline(time.Now().Add(within))
	if _, err := conn.Write([]byte("question")); err != nil {
		return "", err
	}
	answer := make([]byte, 8)
	n, err := io.ReadFull(conn, answer)
	return string(answer[:n]), err
}

func TestGate(t *testing.T) {
	g := gate.Start(t, echo(t))
	conn := dial(t, g)
	if got, err := ask(conn, time.Second); got != "question" || err != nil {
		t.Fatalf("an open gate passed %q: %v", got, err)
	}
	g.Stall()
	if got, err := ask(conn, 50*time.Millisecond); got != "" || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a stalled gate passed %q: %v", got, err)
	}
	g.Pass()
	_ = conn.SetDeadline(time.Now().Add(time.Second))
	if _, err := io.ReadFull(conn, make([]byte, 8)); err != nil {
		t.Errorf("what was stalled did not come: %v", err)
	}
	g.CutAfter(3)
	if got, err := ask(conn, time.Second); got != "que" || err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a cut in mid-answer passed %q: %v", got, err)
	}
	if got, err := ask(dial(t, g), time.Second); got != "question" || err != nil {
		t.Errorf("after the cut a new connection passed %q: %v", got, err)
	}
	g.Refuse()
	if got, err := ask(dial(t, g), time.Second); got != "" || err == nil {
		t.Errorf("a refusing gate passed %q: %v", got, err)
	}
	g.Pass()
	g.Delay(30 * time.Millisecond)
	started := time.Now()
	if _, err := ask(dial(t, g), time.Second); err != nil || time.Since(started) < 60*time.Millisecond {
		t.Errorf("a delayed answer came after %s: %v", time.Since(started), err)
	}
}

func TestAGateStallsAtARequest(t *testing.T) {
	g := gate.Start(t, echo(t))
	conn := dial(t, g)
	met := g.StallAt("stop here")
	answer := make([]byte, 3)
	if _, err := conn.Write([]byte("one")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != "one" {
		t.Fatalf("the answer to another request is %q: %v", answer, err)
	}
	if _, err := conn.Write([]byte("stop here")); err != nil {
		t.Fatal(err)
	}
	<-met
	if err := conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := conn.Read(answer); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d bytes passed a gate that stalls: %v", n, err)
	}
	g.Pass()
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	whole := make([]byte, len("stop here"))
	if _, err := io.ReadFull(conn, whole); err != nil || string(whole) != "stop here" {
		t.Errorf("after the stall %q passed: %v", whole, err)
	}
}
