package kafka

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"
)

const (
	// clusterID is any 16 bytes in base64; each test's cluster has a folder of its own.
	clusterID = "d2VuZ3VvLWUyZS1rYWZrYQ"
	attempts  = 3 // a free port can be taken by another program before the broker binds it
	patience  = 90 * time.Second
)

//go:embed pom.xml
var pom string

// Start runs a fresh broker until the test ends, and returns its host:port. The test fails when Java or Maven is missing.
func Start(t testing.TB) string {
	t.Helper()
	return StartBroker(t).Address()
}

// StartBroker is Start for tests that do more to the broker than to speak with it.
func StartBroker(t testing.TB) *Broker {
	t.Helper()
	b, err := Launch(t.Context(), t.TempDir())
	if err != nil {
		t.Fatalf("start kafka: %v", err)
	}
	t.Cleanup(b.Kill)
	return b
}

// fetch returns the folder of the jars, which it brings when missing.
func fetch(ctx context.Context) (string, error) {
	_, file, _, _ := runtime.Caller(0)
	script := exec.CommandContext(ctx, filepath.Join(filepath.Dir(file), "fetch.sh"))
	if out, err := script.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w", strings.TrimSpace(string(out)), err)
	}
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("find the cache: %w", err)
		}
		cache = filepath.Join(home, ".cache")
	}
	version := regexp.MustCompile(`kafka_2\.13</artifactId>\s*<version>(.*)</version>`).FindStringSubmatch(pom)
	if version == nil {
		return "", errors.New("pom.xml names no version of kafka_2.13")
	}
	return filepath.Join(cache, "wenguo", "kafka-"+version[1], "libs"), nil
}

// await returns once the broker answers with its metadata.
func await(ctx context.Context, addr string, ended <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		brokers, err := brokers(ctx, addr)
		if err == nil && len(brokers) > 0 {
			return nil
		}
		select {
		case err := <-ended:
			return fmt.Errorf("broker ended: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("broker gave no answer within %s: %w", patience, err)
		case <-tick.C:
		}
	}
}

func brokers(ctx context.Context, addr string) ([]kafkago.Broker, error) {
	conn, err := kafkago.DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("dial broker: %w", err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return nil, fmt.Errorf("set deadline: %w", err)
	}
	found, err := conn.Brokers()
	if err != nil {
		return nil, fmt.Errorf("ask for brokers: %w", err)
	}
	return found, nil
}

// freePorts returns two ports that were free a moment ago: the clients' and the controller's.
func freePorts(ctx context.Context) ([2]int, error) {
	var ports [2]int
	for i := range ports {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return ports, fmt.Errorf("find a free port: %w", err)
		}
		defer listener.Close()
		ports[i] = listener.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}

func configuration(dir string, ports [2]int) string {
	return fmt.Sprintf(`process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:%[2]d
listeners=PLAINTEXT://127.0.0.1:%[1]d,CONTROLLER://127.0.0.1:%[2]d
advertised.listeners=PLAINTEXT://127.0.0.1:%[1]d
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=%[3]s
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
`, ports[0], ports[1], filepath.Join(dir, "logs"))
}
