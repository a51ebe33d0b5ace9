create table schedule_health (
    schedule_id     uuid        not null,
    last_success_at timestamptz,
    took_ms         bigint,
    failures        integer     not null,
    last_failure_at timestamptz,
    last_failure    text,
    last_end_at     timestamptz not null,
    constraint schedule_health_pk primary key (schedule_id),
    constraint schedule_health_schedule_fk foreign key (schedule_id) references schedule (id) on delete cascade
);
comment on table schedule_health is 'How the jobs of a schedule end; written with the end of each, beside the schedule so that neither waits for the other';
comment on column schedule_health.took_ms is 'From the submission of the last job that succeeded to its end';
comment on column schedule_health.failures is 'In a row, since the last success';
create index schedule_health_ended on schedule_health (last_end_at);
create index schedule_health_failing on schedule_health (failures) where failures > 0;

alter table schedule add column overdue_at timestamptz;
alter table schedule add column overdue_after timestamptz;
alter table schedule add column missed_at timestamptz;
alter table schedule add column missed integer not null default 0;
comment on column schedule.overdue_at is 'When a success is missed if none has come since overdue_after';
comment on column schedule.missed_at is 'When instants were last found to be missed; over with the next success';
create index schedule_overdue on schedule (overdue_at) where overdue_at is not null;
create index schedule_missed on schedule (missed_at) where missed_at is not null;

alter table schedule_run add column job_state text;
comment on column schedule_run.job_state is 'How its job ended, once that is forgotten; until then the job says it';
