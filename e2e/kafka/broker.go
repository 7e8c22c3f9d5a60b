package kafka

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Broker is a single-node Apache Kafka (4.1, KRaft) on loopback ports.
type Broker struct {
	libs, dir string
	ports     [2]int
	server    *exec.Cmd
	ended     chan error
	// why is how the last server ended.
	why error
}

// Launch starts a fresh broker that keeps its log below dir. Its jars come from the cache that fetch.sh fills.
func Launch(ctx context.Context, dir string) (*Broker, error) {
	libs, err := fetch(ctx)
	if err != nil {
		return nil, fmt.Errorf("fetch kafka: %w", err)
	}
	for attempt := range attempts {
		b := &Broker{libs: libs, dir: filepath.Join(dir, fmt.Sprintf("kafka-%d", attempt))}
		if err = b.format(ctx); err == nil {
			err = b.start(ctx)
		}
		if err == nil {
			return b, nil
		}
	}
	return nil, err
}

// Address is the broker's host:port; it stays the same over restarts.
func (b *Broker) Address() string { return fmt.Sprintf("127.0.0.1:%d", b.ports[0]) }

// Kill ends the broker at once, as a crash does. What it acknowledged is in its log.
func (b *Broker) Kill() {
	_ = b.server.Process.Kill()
	if err := <-b.ended; err != nil { // killed, as it was asked to be
		b.why = err
	}
}

// Restart kills the broker and starts it on the same log and ports; it returns when the broker answers.
func (b *Broker) Restart(ctx context.Context) error {
	b.Kill()
	return b.start(ctx)
}

func (b *Broker) properties() string { return filepath.Join(b.dir, "server.properties") }

func (b *Broker) format(ctx context.Context) (err error) {
	if b.ports, err = freePorts(ctx); err != nil {
		return err
	}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	if err := os.WriteFile(b.properties(), []byte(configuration(b.dir, b.ports)), 0o600); err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	format := exec.CommandContext(ctx, "java", "-XX:TieredStopAtLevel=1", "-cp", filepath.Join(b.libs, "*"),
		"kafka.tools.StorageTool", "format", "-t", clusterID, "-c", b.properties())
	if out, err := format.CombinedOutput(); err != nil {
		return fmt.Errorf("format storage: %w: %s", err, out)
	}
	return nil
}

func (b *Broker) start(ctx context.Context) error {
	// Not ctx: a test's ends before its clean-ups, which may still need the broker.
	b.server = exec.CommandContext(context.Background(), "java", "-Xmx512m", "-cp", filepath.Join(b.libs, "*"), "kafka.Kafka", b.properties()) //nolint:contextcheck // see above
	b.server.SysProcAttr = dieWithParent()
	log, err := os.OpenFile(filepath.Join(b.dir, "server.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("create log: %w", err)
	}
	defer log.Close()
	b.server.Stdout, b.server.Stderr = log, log
	if err := b.server.Start(); err != nil {
		return fmt.Errorf("start java: %w", err)
	}
	ended := make(chan error, 1)
	go func(server *exec.Cmd) { ended <- server.Wait(); close(ended) }(b.server)
	b.ended = ended
	if err := await(ctx, b.Address(), ended); err != nil {
		b.Kill()
		text, reading := os.ReadFile(log.Name())
		return errors.Join(fmt.Errorf("%w; the end of its log: %s", err, text[max(0, len(text)-2000):]), reading)
	}
	return nil
}
