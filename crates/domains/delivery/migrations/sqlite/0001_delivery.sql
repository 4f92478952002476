create table delivery_destination (
    id text not null primary key,
    status text not null,
    encryption_kid text not null,
    document text not null,
    created_at bigint not null
);
create table delivery_key (
    destination_id text not null references delivery_destination (id),
    kid text not null,
    thumbprint text not null,
    jwk text not null,
    position bigint not null,
    primary key (destination_id, kid)
);
create table delivery_client (
    id text not null primary key,
    name text not null,
    secret_salt blob not null,
    secret_digest blob not null,
    scopes text not null,
    created_at bigint not null
);
create table delivery_connection (
    client_id text not null references delivery_client (id),
    destination_id text not null references delivery_destination (id),
    primary key (client_id, destination_id)
);
create table delivery_case (
    id text not null primary key,
    destination_id text not null references delivery_destination (id),
    sender text not null references delivery_client (id),
    events bigint not null,
    created_at bigint not null
);
create table delivery_submission (
    id text not null primary key,
    case_id text not null references delivery_case (id),
    destination_id text not null references delivery_destination (id),
    sender text not null references delivery_client (id),
    state text not null,
    service_identifier text not null,
    service_name text not null,
    region text,
    content_digest blob,
    created_at bigint not null,
    submitted_at bigint,
    finished_at bigint
);
create index delivery_submission_inbox on delivery_submission (destination_id, state, submitted_at, id);
create table delivery_document (
    submission_id text not null primary key references delivery_submission (id),
    encrypted_metadata text not null,
    encrypted_data text
);
create table delivery_attachment (
    submission_id text not null references delivery_submission (id),
    id text not null,
    position bigint not null,
    content_id text,
    size bigint,
    tag text,
    primary key (submission_id, id)
);
create table delivery_content (
    id text not null,
    part bigint not null,
    bytes blob not null,
    primary key (id, part)
);
create table delivery_event (
    case_id text not null references delivery_case (id),
    number bigint not null,
    submission_id text not null references delivery_submission (id),
    jti text not null,
    kind text not null,
    issued_at bigint not null,
    token text not null,
    primary key (case_id, number)
);
create unique index delivery_event_jti on delivery_event (jti);
create index delivery_event_submission on delivery_event (submission_id, number);
