-- Every version that a definition ever had. Of what was there before, the last one is known.

create table definition_versions (
    kind           varchar(16)  not null,
    definition_key varchar(128) not null,
    version        bigint       not null,
    -- JSON; null: the definition was removed.
    definition     text,
    author         varchar(128) not null,
    reason         text         not null,
    made_at        bigint       not null,
    primary key (kind, definition_key, version)
) without rowid;

insert into definition_versions (kind, definition_key, version, definition, author, reason, made_at)
select kind, definition_key, version, definition, '', '', updated_at from definitions;

-- A removal is a version, too.
insert into definition_versions (kind, definition_key, version, definition, author, reason, made_at)
select kind, definition_key, version + 1, null, '', '', removed_at from definitions where removed_at is not null;

update definitions set version = version + 1 where removed_at is not null;

-- The number of the newest version, and of the draft that stands beside the one in force.
alter table definitions add column newest bigint not null default 0;
alter table definitions add column draft bigint;

update definitions set newest = version;
