-- Authorities that work with this installation.
create table tenant (
    id text not null primary key,
    name text not null,
    destination_id text not null unique
);
-- One row per submission and tenant. Content, cause and reason are sealed; numbers by which staff
-- search stand in clear.
create table case_file (
    id text not null primary key,
    tenant_id text not null references tenant (id),
    submission_id text not null,
    delivery_case_id text not null,
    state text not null check (state in ('received', 'accepting', 'rejecting', 'accepted',
        'rejected', 'not_readable', 'not_readable_rejected')),
    reference text,
    reference_key text,
    title text,
    schema_uri text,
    application_date text,
    receipt bytea,
    metadata bytea,
    data bytea,
    problem_type text,
    problem_instance text,
    cause bytea,
    reason bytea,
    submitted_at bigint,
    received_at bigint not null,
    decided_at bigint,
    closed_at bigint,
    last_error text,
    unique (tenant_id, submission_id),
    check ((state in ('not_readable', 'not_readable_rejected')) = (problem_type is not null)),
    check ((state = 'received') = (decided_at is null)),
    check ((state in ('accepted', 'rejected', 'not_readable_rejected')) = (closed_at is not null))
);
create index case_file_inbox on case_file (tenant_id, state, received_at, id);
create index case_file_age on case_file (tenant_id, received_at, id);
create index case_file_reference on case_file (tenant_id, reference_key);
-- Attachments in the order of the metadata; description and content are sealed.
create table case_attachment (
    case_id text not null references case_file (id),
    attachment_id text not null,
    position bigint not null,
    size bigint not null,
    about bytea not null,
    content bytea not null,
    primary key (case_id, attachment_id)
);
-- What happened to a case; names no person.
create table case_history (
    case_id text not null references case_file (id),
    seq bigint not null,
    at bigint not null,
    kind text not null,
    primary key (case_id, seq)
);
