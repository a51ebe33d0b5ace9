alter table schedule add column set_aside_tries integer not null default 0;
alter table schedule add column set_aside_since timestamptz;
alter table schedule add column set_aside_error text;
comment on column schedule.set_aside_tries is 'How often in a row nobody could account for it; tried again at next_due, and 0 after the first success';
comment on column schedule.set_aside_error is 'Why not, the last time';
create index schedule_set_aside on schedule (set_aside_since) where set_aside_since is not null;
