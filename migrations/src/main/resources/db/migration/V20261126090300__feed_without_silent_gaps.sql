alter table event_feed
    add column epoch text not null default left(replace(gen_random_uuid()::text, '-', ''), 12),
    add column home text,
    add column pruned_to bigint not null default 0;
comment on column event_feed.epoch is 'Numbers mean something only within it: another one begins where the database may have gone back';
comment on column event_feed.home is 'Server, timeline and database in which the epoch began; null until the sequencer comes by';
comment on column event_feed.pruned_to is 'The highest number that was deleted: whoever reads on after a lower one has missed something';

create table forgotten_job (
    job_id    uuid        not null,
    namespace text        not null,
    last_at   timestamptz not null,
    constraint forgotten_job_pk primary key (job_id)
);
comment on table forgotten_job is 'Jobs that are deleted, while their lines of the feed are kept a while longer';
comment on column forgotten_job.last_at is 'When its last line was written';
create index forgotten_job_age on forgotten_job (last_at);
