-- What people define. Times are milliseconds since the epoch, definitions are JSON.

create table definitions (
    kind           varchar(16)  not null,
    definition_key varchar(128) not null,
    definition     text         not null,
    version        bigint       not null,
    created_at     bigint       not null,
    updated_at     bigint       not null,
    -- A definition that is removed stays, so that its version goes on when it comes back.
    removed_at     bigint,
    primary key (kind, definition_key)
) without rowid;

create table list_contents (
    list_id      bigint       not null primary key,
    list_key     varchar(128) not null unique,
    member_count bigint       not null
);

-- The key of a user as it is written, or the canonical text of a value.
create table list_members (
    list_id bigint       not null references list_contents (list_id),
    member  varchar(512) not null,
    primary key (list_id, member)
) without rowid;

-- Numbers that only grow: the revision of all definitions, the next arrival of an event.
create table counters (
    name  varchar(64) not null primary key,
    value bigint      not null
);

insert into counters (name, value) values ('revision', 0), ('arrival', 0);
