-- Drafts and sent applications. Answers are sealed; nothing else here is about the person.
create table application (
    id text primary key not null,
    account text not null,
    life_event text not null,
    content_version text not null,
    legs text not null,
    state text not null,
    version bigint not null,
    answers blob not null,
    reference text,
    created_at bigint not null,
    saved_at bigint not null,
    sent_at bigint,
    expires_at bigint not null
);
create unique index application_reference on application (reference);
create index application_account on application (account, saved_at);
create index application_expiry on application (state, expires_at);

-- One benefit at one office. The message is sealed; progress is the transport's state, sealed.
create table application_leg (
    id text primary key not null,
    application_id text not null,
    position bigint not null,
    leg text not null,
    authority text not null,
    address text,
    destination text not null,
    state text not null,
    since bigint not null,
    reasons text,
    message blob not null,
    progress blob,
    submission text
);
create unique index application_leg_of on application_leg (application_id, leg);

-- History of a leg: its own stream, never inside the record.
create table application_leg_event (
    leg_id text not null,
    number bigint not null,
    at bigint not null,
    state text not null,
    cause text,
    primary key (leg_id, number)
);
