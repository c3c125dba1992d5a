-- What was said about identities, by their numbers; `relation` is link, merge or split.
CREATE TABLE IF NOT EXISTS identity_statements (
    time DateTime64(3, 'UTC'),
    arrival UInt64,
    relation LowCardinality(String),
    one UInt32,
    other UInt32,
    batch UInt64
) ENGINE = MergeTree ORDER BY (one, other, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Whose rows lie elsewhere than at their own number: those of `identity` lie at `user`, by the row of the greatest
-- batch. They lay at `former` before; where that is `user` too, there were none.
CREATE TABLE IF NOT EXISTS identity_homes (
    identity UInt32,
    user UInt32,
    former UInt32,
    batch UInt64
) ENGINE = MergeTree ORDER BY (identity, batch)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
