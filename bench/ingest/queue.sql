-- The engine's own consumer of the topic, tuned as its manual advises for a machine of two processors.
CREATE TABLE queue
(
    event_id String,
    complaint_id String,
    kind LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    source LowCardinality(String),
    actor Tuple(department LowCardinality(String)),
    data Tuple(title String, content String, category LowCardinality(String), priority LowCardinality(String))
)
ENGINE = Kafka
SETTINGS kafka_broker_list = '{broker}', kafka_topic_list = 'complaints.events', kafka_group_name = 'engine-{group}',
    kafka_format = 'JSONEachRow', kafka_num_consumers = 2, kafka_thread_per_consumer = 1, kafka_max_block_size = 65536,
    kafka_poll_max_batch_size = 65536, date_time_input_format = 'best_effort', input_format_skip_unknown_fields = 1
