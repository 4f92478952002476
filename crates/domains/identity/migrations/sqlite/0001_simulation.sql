-- Authorization codes of the simulated provider: single use, one minute.
create table simulation_code (
    code_digest text primary key,
    client_id text not null,
    redirect_url text not null,
    person text not null,
    nonce text not null,
    challenge text not null,
    expires_at bigint not null
);
