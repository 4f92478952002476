create table catalogue_service (
    id text primary key not null,
    agency text not null,
    title text not null,
    validity text not null,
    body text not null
);
create table catalogue_service_key (
    leika text not null,
    service text not null,
    primary key (leika, service)
);
create index catalogue_service_key_service on catalogue_service_key (service);
create table catalogue_organisation (
    id text primary key not null,
    agency text not null,
    name text not null,
    body text not null
);
create table catalogue_online_service (
    id text primary key not null,
    agency text not null,
    name text not null,
    body text not null
);
create table catalogue_responsibility (
    id text primary key not null,
    agency text not null,
    owner text not null,
    owner_kind text not null,
    service text not null,
    role text not null,
    validity text not null,
    destination text,
    embedded bigint not null
);
create index catalogue_responsibility_owner on catalogue_responsibility (owner);
create table catalogue_responsibility_area (
    service text not null,
    ars text not null,
    responsibility text not null,
    primary key (service, ars, responsibility)
);
create index catalogue_responsibility_area_back on catalogue_responsibility_area (responsibility);
create table catalogue_region (
    ars text not null,
    level text not null,
    name text not null,
    folded text not null,
    kind text not null,
    population bigint not null,
    primary key (ars, level)
);
create table catalogue_postcode (
    postcode text not null,
    ars text not null,
    primary key (postcode, ars)
);
