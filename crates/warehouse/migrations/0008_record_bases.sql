-- Where the record of changes begins, once older changes were folded. The greatest run counts.
CREATE TABLE IF NOT EXISTS record_bases (
    run UInt64,
    folded DateTime64(3, 'UTC') DEFAULT now64(3)
) ENGINE = MergeTree ORDER BY run
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The members after the run with which the record begins: all that is known of how they came.
CREATE TABLE IF NOT EXISTS base_members (
    run UInt64,
    slot UInt32,
    tag String,
    value Nullable(String),
    members String CODEC(NONE)
) ENGINE = MergeTree PARTITION BY run ORDER BY slot
SETTINGS index_granularity = 128, max_bytes_to_merge_at_max_space_in_pool = 8388608,
    fsync_after_insert = 1, fsync_part_directory = 1;

-- For people who write SQL: who entered and who left, run by run; with the first run of the record, all members of then.
CREATE OR REPLACE VIEW tag_changes AS
SELECT run, now, tag, value, CAST(entered AS AggregateFunction(groupBitmap, UInt32)) AS entered,
    CAST(left AS AggregateFunction(groupBitmap, UInt32)) AS left
FROM membership_changes
WHERE run > (SELECT max(run) FROM record_bases) AND run <= (SELECT max(run) FROM runs)
UNION ALL
SELECT run, now, tag, value, CAST(members AS AggregateFunction(groupBitmap, UInt32)) AS entered,
    CAST(unhex('0000') AS AggregateFunction(groupBitmap, UInt32)) AS left
FROM first_members INNER JOIN runs USING run
WHERE run > (SELECT max(run) FROM record_bases)
UNION ALL
SELECT run, now, tag, value, CAST(members AS AggregateFunction(groupBitmap, UInt32)) AS entered,
    CAST(unhex('0000') AS AggregateFunction(groupBitmap, UInt32)) AS left
FROM base_members INNER JOIN runs USING run
WHERE run = (SELECT max(run) FROM record_bases);
