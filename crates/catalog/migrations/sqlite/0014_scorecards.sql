-- What was learned about lookalikes, and the definition from which it was.

create table scorecards (
    tag_key   varchar(128) not null primary key,
    lookalike text         not null,
    card      text         not null
);
