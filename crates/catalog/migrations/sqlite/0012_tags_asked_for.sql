-- On which day, in days since the epoch, somebody last asked for a tag.

create table tags_asked_for (
    tag_key  varchar(128) not null primary key,
    asked_on bigint       not null
);
