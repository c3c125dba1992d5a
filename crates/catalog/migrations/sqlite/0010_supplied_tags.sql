-- Who has the tags that people supply: by imports, and one by one.

-- An import of members. Its rows count once it is current; until then it can be resumed.
create table tag_loads (
    load_id        bigint       not null primary key,
    tag_key        varchar(128) not null,
    source_digest  char(64)     not null,
    mapping_digest char(64)     not null,
    state          varchar(16)  not null,
    position       bigint       not null,
    rows_rejected  bigint       not null,
    -- When it was begun, or, once it is current, when it became so.
    as_of          bigint       not null
);

create index tag_loads_of on tag_loads (tag_key, state);

-- The key of a user as it is written, and the canonical text of a value; empty, where the tag has none.
create table tag_load_rows (
    load_id  bigint       not null references tag_loads (load_id),
    user_key varchar(512) not null,
    value    varchar(512) not null,
    -- Where two keys turn out to be one user, the greater one counts.
    place    bigint       not null,
    primary key (load_id, user_key)
) without rowid;

-- What was set and unset by hand, in order; of each key the last one counts.
create table tag_settings (
    setting_id bigint       not null primary key,
    tag_key    varchar(128) not null,
    user_key   varchar(512) not null,
    -- Null where it was unset; empty, where the tag has no values.
    value      varchar(512),
    author     varchar(512) not null,
    reason     text         not null,
    set_at     bigint       not null
);

create index tag_settings_of on tag_settings (tag_key, user_key, setting_id);
