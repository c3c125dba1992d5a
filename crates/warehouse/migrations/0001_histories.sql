-- Who the users are: key text to dense number, appended in order of first appearance.
CREATE TABLE IF NOT EXISTS users (
    number UInt32 CODEC(Delta, LZ4),
    kind LowCardinality(String),
    key String,
    batch UInt64
) ENGINE = MergeTree ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Behaviour, in user order. A partition is a month; odd times share the first and the last, so that partitions stay few.
-- `user` owned `identity` when the row was written; `message` 0 is none.
CREATE TABLE IF NOT EXISTS events (
    user UInt32 CODEC(Delta, LZ4),
    time DateTime64(3, 'UTC') CODEC(Delta, LZ4),
    arrival UInt64 CODEC(Delta, LZ4),
    identity UInt32,
    type LowCardinality(String),
    name LowCardinality(String),
    source LowCardinality(String),
    message UInt128,
    batch UInt64,
    properties Map(LowCardinality(String), String)
) ENGINE = MergeTree ORDER BY (user, time, arrival)
PARTITION BY toYYYYMM(least(greatest(time, toDateTime64('2015-01-01', 3, 'UTC')), toDateTime64('2100-01-01', 3, 'UTC')))
SETTINGS index_granularity = 2048, fsync_after_insert = 1, fsync_part_directory = 1;

-- Attribute changes, in user order.
CREATE TABLE IF NOT EXISTS traits (
    user UInt32 CODEC(Delta, LZ4),
    time DateTime64(3, 'UTC') CODEC(Delta, LZ4),
    arrival UInt64 CODEC(Delta, LZ4),
    identity UInt32,
    source LowCardinality(String),
    message UInt128,
    batch UInt64,
    traits Map(LowCardinality(String), String)
) ENGINE = MergeTree ORDER BY (user, time, arrival)
SETTINGS index_granularity = 2048, fsync_after_insert = 1, fsync_part_directory = 1;

-- What became of each batch of rows; the state with the greatest step holds. 1 begun, 2 done, 3 taken back, 4 done and
-- what it moved is gone from where it lay.
-- `position` rows of the source of `import` are in the store with a batch that is done; `import` 0 is none.
CREATE TABLE IF NOT EXISTS batches (
    batch UInt64,
    step UInt8,
    import UInt64,
    position UInt64,
    recorded DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY (batch, step)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Which properties and attributes have a typed column.
CREATE TABLE IF NOT EXISTS promoted_columns (
    table_name LowCardinality(String),
    path String,
    form LowCardinality(String),
    scale UInt8,
    column_name String
) ENGINE = MergeTree ORDER BY (table_name, path)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- What the values of each property look like, by batch, so that a batch that is taken back takes its counts with it.
CREATE TABLE IF NOT EXISTS property_statistics (
    batch UInt64,
    scope LowCardinality(String),
    event LowCardinality(String),
    path LowCardinality(String),
    present UInt64,
    numbers UInt64,
    texts UInt64,
    truths UInt64,
    lists UInt64,
    objects UInt64,
    unset UInt64,
    max_places UInt32,
    max_digits UInt32
) ENGINE = MergeTree ORDER BY (scope, event, path)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
