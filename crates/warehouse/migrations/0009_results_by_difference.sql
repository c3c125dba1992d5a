-- A run writes what it changed, whatever comes or goes besides: sets keep their numbers from run to run, and the values
-- of metric tags are kept in pieces.

-- What a run consists of: the numbers of its sets in their order, its metric tags, and the run from which on pieces of
-- values count. A row counts for its run and those after it, until there is a newer one.
CREATE TABLE IF NOT EXISTS run_layouts (
    run UInt64,
    slots Array(UInt32),
    metrics Array(String),
    values_since UInt64
) ENGINE = MergeTree PARTITION BY run ORDER BY run
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- The values that the users of a piece have of a metric tag: those of one kind in one row. Of a piece all rows of its
-- newest run count.
CREATE TABLE IF NOT EXISTS metric_pieces (
    run UInt64,
    tag String,
    piece UInt32,
    kind LowCardinality(String),
    users Array(UInt32) CODEC(Delta(4), LZ4),
    values Array(String)
) ENGINE = MergeTree PARTITION BY run ORDER BY (tag, piece)
SETTINGS index_granularity = 128, max_bytes_to_merge_at_max_space_in_pool = 8388608,
    fsync_after_insert = 1, fsync_part_directory = 1;

-- Dropped below; there again where a crash came in between.
CREATE TABLE IF NOT EXISTS metric_values (
    run UInt64, tag LowCardinality(String), user UInt32, kind LowCardinality(String), value String
) ENGINE = MergeTree PARTITION BY run ORDER BY (tag, user);

INSERT INTO run_layouts SELECT run, slots, metrics, 0 FROM (
    SELECT (SELECT max(run) FROM runs) AS run, arraySort(groupUniqArray(slot)) AS slots,
        (SELECT arraySort(groupUniqArray(tag::String)) FROM metric_values WHERE run = (SELECT max(run) FROM runs)) AS metrics
    FROM tag_members WHERE run <= (SELECT max(run) FROM runs)
) WHERE notEmpty(slots) AND (SELECT count() FROM run_layouts) = 0;

INSERT INTO metric_pieces
SELECT run, tag::String, bitShiftRight(user, 16) AS piece, kind, groupArray(user), groupArray(value)
FROM (SELECT * FROM metric_values WHERE run = (SELECT max(run) FROM runs) ORDER BY tag, user)
WHERE (SELECT count() FROM metric_pieces) = 0
GROUP BY run, tag, piece, kind;

-- For people who write SQL: the members of each tag now. The newest row of a set counts.
CREATE OR REPLACE VIEW current_tags AS
SELECT tag, value, CAST(members AS AggregateFunction(groupBitmap, UInt32)) AS members
FROM tag_members WHERE (run, slot) IN (
    SELECT max(run), slot FROM tag_members WHERE run <= (SELECT max(run) FROM runs) GROUP BY slot
) AND slot IN (
    SELECT arrayJoin(slots) FROM (
        SELECT slots FROM run_layouts WHERE run <= (SELECT max(run) FROM runs) ORDER BY run DESC LIMIT 1
    )
);

-- The values of metric tags now, by the numbers of users.
CREATE OR REPLACE VIEW current_values AS
SELECT tag, user, value FROM metric_pieces ARRAY JOIN users AS user, values AS value
WHERE (run, tag, piece) IN (
    SELECT max(run), tag, piece FROM metric_pieces
    WHERE run <= (SELECT max(run) FROM runs)
        AND run >= (SELECT argMax(values_since, run) FROM run_layouts WHERE run <= (SELECT max(run) FROM runs))
    GROUP BY tag, piece
) AND tag IN (
    SELECT arrayJoin(metrics) FROM (
        SELECT metrics FROM run_layouts WHERE run <= (SELECT max(run) FROM runs) ORDER BY run DESC LIMIT 1
    )
);

-- Who has which tag, as the last run left it: a row for each value of a layered tag, the value of a metric tag.
CREATE OR REPLACE VIEW user_tags AS
SELECT k.user AS user, held.tag AS tag, held.value AS value FROM (
    SELECT arrayJoin(bitmapToArray(members)) AS number, tag, value FROM current_tags
    WHERE tag NOT IN (
        SELECT arrayJoin(metrics) FROM (
            SELECT metrics FROM run_layouts WHERE run <= (SELECT max(run) FROM runs) ORDER BY run DESC LIMIT 1
        )
    )
    UNION ALL
    SELECT user AS number, tag, value::Nullable(String) AS value FROM current_values
) AS held INNER JOIN user_keys AS k ON k.number = held.number;

DROP TABLE IF EXISTS metric_values;
