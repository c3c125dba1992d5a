-- Sets of users as texts that hold the bytes of a state: a column of states is decoded and encoded again whenever it is
-- written or read. Views give the states.
ALTER TABLE runs MODIFY COLUMN universe String;

ALTER TABLE tag_members MODIFY COLUMN members String CODEC(NONE) SETTINGS mutations_sync = 2;

ALTER TABLE membership_changes MODIFY COLUMN entered String, MODIFY COLUMN left String SETTINGS mutations_sync = 2;

-- For people who write SQL: the members of each tag now. A run writes the sets that it changed; the newest row counts.
CREATE OR REPLACE VIEW current_tags AS
SELECT tag, value, CAST(members AS AggregateFunction(groupBitmap, UInt32)) AS members
FROM tag_members WHERE (run, slot) IN (
    SELECT max(run), slot FROM tag_members WHERE run <= (SELECT max(run) FROM runs) GROUP BY slot
);

-- For people who write SQL: who entered and who left, run by run.
CREATE OR REPLACE VIEW tag_changes AS
SELECT run, now, tag, value, CAST(entered AS AggregateFunction(groupBitmap, UInt32)) AS entered,
    CAST(left AS AggregateFunction(groupBitmap, UInt32)) AS left
FROM membership_changes;
