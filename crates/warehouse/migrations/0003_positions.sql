-- The place of an event in its source's own order: a chain's or a binlog's; 0 for sources that have none.
ALTER TABLE events ADD COLUMN IF NOT EXISTS position Int64 DEFAULT 0 CODEC(Delta, LZ4);
