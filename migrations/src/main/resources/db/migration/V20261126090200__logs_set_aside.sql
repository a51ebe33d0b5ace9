alter table log add column set_aside_tries integer not null default 0;
alter table log add column set_aside_since timestamptz;
alter table log add column set_aside_until timestamptz;
alter table log add column set_aside_error text;
comment on column log.set_aside_tries is 'How often in a row it could not be stored by itself; 0 after its next growth';
comment on column log.set_aside_until is 'When it is tried again';
comment on column log.set_aside_error is 'Why not, the last time';
