package kafka_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	kafkago "github.com/segmentio/kafka-go"

	"wenguo/e2e/kafka"
)

func TestARealBrokerKeepsWhatIsWrittenInOrder(t *testing.T) {
	addr := kafka.Start(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	const topic, messages = "start.test", 100

	client := &kafkago.Client{Addr: kafkago.TCP(addr)}
	created, err := client.CreateTopics(ctx, &kafkago.CreateTopicsRequest{
		Topics: []kafkago.TopicConfig{{Topic: topic, NumPartitions: 1, ReplicationFactor: 1}},
	})
	if err != nil || created.Errors[topic] != nil {
		t.Fatalf("create topic: %v, %v", err, created)
	}
	conn, err := kafkago.DialLeader(ctx, "tcp", addr, topic, 0)
	if err != nil {
		t.Fatalf("dial leader: %v", err)
	}
	defer conn.Close()
	batch := make([]kafkago.Message, messages)
	for i := range batch {
		batch[i].Value = []byte(strconv.Itoa(i))
	}
	if _, err := conn.WriteMessages(batch...); err != nil {
		t.Fatalf("write: %v", err)
	}
	if _, err := conn.Seek(0, kafkago.SeekStart); err != nil {
		t.Fatalf("seek: %v", err)
	}
	for i := range messages {
		got, err := conn.ReadMessage(1 << 20)
		if err != nil {
			t.Fatalf("read message %d: %v", i, err)
		}
		if got.Offset != int64(i) || string(got.Value) != strconv.Itoa(i) {
			t.Fatalf("message %d has offset %d and value %q", i, got.Offset, got.Value)
		}
	}
}
