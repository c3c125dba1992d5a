-- Computations of tags, and what the last one that looked at a tag found.

create table runs (
    run_id      bigint      not null primary key,
    as_of       bigint      not null,
    started_at  bigint      not null,
    finished_at bigint,
    status      varchar(16) not null,
    users       bigint,
    error       text
);

create table tag_outcomes (
    tag_key   varchar(128) not null primary key,
    version   bigint       not null,
    run_id    bigint       not null,
    users     bigint,
    succeeded bigint,
    error     text
);

create table settings (
    name  varchar(64) not null primary key,
    value text        not null
);
