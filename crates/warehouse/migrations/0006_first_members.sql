-- Who entered with the first run: all its members. A part of `tag_members` is attached here as it lies, so that a first
-- run writes its sets once; both tables have the same columns, order and partitions.
CREATE TABLE IF NOT EXISTS first_members (
    run UInt64,
    slot UInt32,
    tag String,
    value Nullable(String),
    members String CODEC(NONE)
) ENGINE = MergeTree PARTITION BY run ORDER BY slot
SETTINGS index_granularity = 128, max_bytes_to_merge_at_max_space_in_pool = 8388608,
    fsync_after_insert = 1, fsync_part_directory = 1;

-- For people who write SQL: who entered and who left, run by run.
CREATE OR REPLACE VIEW tag_changes AS
SELECT run, now, tag, value, CAST(entered AS AggregateFunction(groupBitmap, UInt32)) AS entered,
    CAST(left AS AggregateFunction(groupBitmap, UInt32)) AS left
FROM membership_changes
UNION ALL
SELECT run, now, tag, value, CAST(members AS AggregateFunction(groupBitmap, UInt32)) AS entered,
    CAST(unhex('0000') AS AggregateFunction(groupBitmap, UInt32)) AS left
FROM first_members INNER JOIN runs USING run;
