-- What was found of the queries of SQL tags without running them, by the SHA-256 of their texts.

create table checked_queries (
    query_digest char(64)     not null primary key,
    -- What has looked at the query: another one may find another thing.
    checker      varchar(128) not null,
    found        text         not null
);

-- How many rows of a tag's query named no known user when it was computed last.
alter table tag_freshness add column left_out bigint not null default 0;
