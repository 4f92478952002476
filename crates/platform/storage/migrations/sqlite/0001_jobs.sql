-- Work to do after a commit; also the transactional outbox. `due_at` is null when nothing is left to do.
create table job (
    queue text not null,
    idempotency_key text not null,
    payload text not null,
    state text not null check (state in ('waiting', 'running', 'done', 'dead')),
    due_at bigint,
    attempts bigint not null,
    worker text,
    last_error text,
    finished_at bigint,
    primary key (queue, idempotency_key)
);
create index job_due on job (queue, due_at);
create index job_finished on job (state, finished_at);
