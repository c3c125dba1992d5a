-- The runs whose results are wholly stored. A run's row is written last.
CREATE TABLE IF NOT EXISTS runs (
    run UInt64,
    now DateTime64(3, 'UTC'),
    universe AggregateFunction(groupBitmap, UInt32),
    recorded DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY run
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Who has which tag: one row for each tag, or for each value of a layered tag. Only the newest run is kept. Large parts
-- are not merged, for nothing is gained by rewriting bitmaps.
CREATE TABLE IF NOT EXISTS tag_members (
    run UInt64,
    slot UInt32,
    tag String,
    value Nullable(String),
    members AggregateFunction(groupBitmap, UInt32) CODEC(NONE)
) ENGINE = MergeTree PARTITION BY run ORDER BY slot
SETTINGS index_granularity = 128, max_bytes_to_merge_at_max_space_in_pool = 8388608,
    fsync_after_insert = 1, fsync_part_directory = 1;

-- The values of metric tags. Only the newest run is kept.
CREATE TABLE IF NOT EXISTS metric_values (
    run UInt64,
    tag LowCardinality(String),
    user UInt32,
    kind LowCardinality(String),
    value String
) ENGINE = MergeTree PARTITION BY run ORDER BY (tag, user)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Who entered and who left, run by run.
CREATE TABLE IF NOT EXISTS membership_changes (
    run UInt64,
    now DateTime64(3, 'UTC'),
    tag String,
    value Nullable(String),
    entered AggregateFunction(groupBitmap, UInt32),
    left AggregateFunction(groupBitmap, UInt32)
) ENGINE = MergeTree ORDER BY (run, tag)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

-- For people who write SQL: the members of each tag now.
CREATE VIEW IF NOT EXISTS current_tags AS
SELECT tag, value, members FROM tag_members WHERE run = (SELECT max(run) FROM runs);
