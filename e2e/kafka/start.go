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

// Start runs a fresh single-node Apache Kafka (4.1, KRaft) on free loopback ports until the test ends, and returns
// its host:port. Its jars come from the cache that fetch.sh fills; the test fails when Java or Maven is missing.
func Start(t testing.TB) string {
	t.Helper()
	libs, err := fetch(t.Context())
	if err != nil {
		t.Fatalf("start kafka: %v", err)
	}
	for range attempts {
		var addr string
		if addr, err = start(t, libs); err == nil {
			return addr
		}
	}
	t.Fatalf("start kafka: %v", err)
	return ""
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

func start(t testing.TB, libs string) (string, error) {
	t.Helper()
	ports, err := freePorts(t.Context())
	if err != nil {
		return "", err
	}
	addr := fmt.Sprintf("127.0.0.1:%d", ports[0])
	dir := t.TempDir()
	properties := filepath.Join(dir, "server.properties")
	if err := os.WriteFile(properties, []byte(configuration(dir, ports)), 0o600); err != nil {
		return "", fmt.Errorf("write configuration: %w", err)
	}
	classes := filepath.Join(libs, "*")
	format := exec.CommandContext(t.Context(), "java", "-XX:TieredStopAtLevel=1", "-cp", classes,
		"kafka.tools.StorageTool", "format", "-t", clusterID, "-c", properties)
	if out, err := format.CombinedOutput(); err != nil {
		return "", fmt.Errorf("format storage: %w: %s", err, out)
	}
	// Not the test's context: it ends before the clean-ups of the test, which may still need the broker.
	server := exec.CommandContext(context.Background(), "java", "-Xmx512m", "-cp", classes, "kafka.Kafka", properties)
	server.SysProcAttr = dieWithParent()
	log, err := os.Create(filepath.Join(dir, "server.log"))
	if err != nil {
		return "", fmt.Errorf("create log: %w", err)
	}
	defer log.Close()
	server.Stdout, server.Stderr = log, log
	if err := server.Start(); err != nil {
		return "", fmt.Errorf("start java: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = server.Process.Kill()
		if err := <-ended; err != nil { // killed, as it was asked to be
			t.Logf("kafka: %v", err)
		}
	})
	if err := await(t.Context(), addr, ended); err != nil {
		text, _ := os.ReadFile(log.Name())
		return "", fmt.Errorf("%w; the end of its log: %s", err, text[max(0, len(text)-2000):])
	}
	return addr, nil
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
