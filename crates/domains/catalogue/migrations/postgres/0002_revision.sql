create table catalogue_revision (
    id bigint primary key not null,
    revision bigint not null
);
insert into catalogue_revision (id, revision) values (1, 0);
