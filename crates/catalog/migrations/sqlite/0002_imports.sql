-- Which sources were imported with which mapping, and how far.

create table imports (
    import_id      bigint       not null primary key,
    source_digest  char(64)     not null,
    mapping_digest char(64)     not null,
    source_name    varchar(512) not null,
    state          varchar(16)  not null,
    position       bigint       not null,
    batches        bigint       not null,
    rows_read      bigint       not null,
    rows_added     bigint       not null,
    rows_rejected  bigint       not null,
    started_at     bigint       not null,
    updated_at     bigint       not null,
    unique (source_digest, mapping_digest)
);
