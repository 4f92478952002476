-- The tamper-evident log: entries of a stream form a hash chain, checkpoints are signed.
create table audit_entry (
    stream text not null,
    seq bigint not null,
    at bigint not null,
    kind text not null,
    payload text not null,
    previous bytea not null,
    hash bytea not null,
    primary key (stream, seq)
);
create table audit_head (
    stream text not null primary key,
    seq bigint not null,
    hash bytea not null,
    signed_seq bigint not null
);
create index audit_head_unsigned on audit_head (stream) where seq > signed_seq;
create table audit_checkpoint (
    number bigint not null primary key,
    body text not null,
    signature bytea not null
);
-- Against our own mistakes; a tamperer with rights on the database is found by the verification.
create function audit_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'audit entries are never changed or deleted';
end
$$;
create trigger audit_entry_keep before update on audit_entry
for each row execute function audit_refuse();
create trigger audit_entry_stay before delete on audit_entry
for each row execute function audit_refuse();
create trigger audit_entry_all before truncate on audit_entry
for each statement execute function audit_refuse();
