-- Citizens: one account per issuer and subject. What the provider delivered is sealed.
create table identity_account (
    id text primary key,
    issuer text not null,
    subject text not null,
    attributes bytea not null,
    created_at bigint not null,
    seen_at bigint not null,
    unique (issuer, subject)
);
-- Logins that have begun: single use, bound to one browser.
create table identity_login (
    state_digest text primary key,
    browser_digest text not null,
    audience text not null,
    secret bytea not null,
    return_to text not null,
    expires_at bigint not null
);
-- Sessions: only the digest of the token is stored.
create table identity_session (
    token_digest text primary key,
    audience text not null,
    account_id text references identity_account (id),
    staff bytea,
    csrf text not null,
    created_at bigint not null,
    used_at bigint not null
);
create index identity_session_used on identity_session (used_at);
