-- What is searched of each complaint's masked text (transform/search), newest registration first: before is minus the
-- registration in unix milliseconds. by_words holds the segmenter's words, by_pairs every two neighbouring characters, for
-- what the segmenter cut otherwise. made tells whether a row is still what its complaint says.
-- Rows are years apart so that an erasure rewrites one of them.
CREATE TABLE search_texts
(
    before Int64 CODEC(Delta, ZSTD(1)),
    complaint_id String CODEC(ZSTD(1)),
    made UInt64,
    body String CODEC(ZSTD(1)),
    words Array(String) CODEC(ZSTD(1)),
    INDEX by_complaint complaint_id TYPE bloom_filter GRANULARITY 1,
    INDEX by_words words TYPE text(tokenizer = 'array'),
    INDEX by_pairs body TYPE text(tokenizer = ngrams(2))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYear(fromUnixTimestamp64Milli(-before, 'UTC'))
ORDER BY (before, complaint_id);

-- Complaints by what their customers' phones and orders' numbers are hashed to (transform.Keys).
CREATE TABLE search_keys
(
    key String,
    complaint_id String
)
ENGINE = ReplacingMergeTree
ORDER BY (key, complaint_id)
SETTINGS index_granularity = 1024;

-- Keys are made with the facts: the worker starts over.
TRUNCATE TABLE watermarks;
