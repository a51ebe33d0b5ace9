create table schedule (
    id                 uuid        not null,
    namespace          text        not null,
    name               text        not null,
    cluster            text        not null,
    of_set             text,
    definition         jsonb       not null,
    definition_version integer     not null,
    labels             jsonb       not null,
    version            integer     not null,
    paused             boolean     not null,
    changed_by         text        not null,
    created_at         timestamptz not null,
    changed_at         timestamptz not null,
    accounted_until    timestamptz not null,
    next_due           timestamptz,
    constraint schedule_pk primary key (id),
    constraint schedule_name unique (namespace, name),
    constraint schedule_version_positive check (version > 0)
) with (fillfactor = 70);
comment on table schedule is 'What is submitted when; written by compare-and-set on version, its two instants under its row lock';
comment on column schedule.paused is 'Of this column alone: the definition does not say it';
comment on column schedule.accounted_until is 'Every instant planned up to then has its line in schedule_run';
comment on column schedule.next_due is 'When somebody has to look next; null where nothing is to come';
create index schedule_due on schedule (next_due) where next_due is not null;
create index schedule_of_set on schedule (of_set, namespace, name) where of_set is not null;
create index schedule_labels on schedule using gin (labels jsonb_path_ops);

create table schedule_run (
    schedule_id uuid        not null,
    planned_at  timestamptz not null,
    until       timestamptz not null,
    instants    integer     not null,
    verdict     text        not null,
    cause       text,
    message     text,
    late_by_ms  bigint,
    job_id      uuid,
    decided_at  timestamptz not null,
    constraint schedule_run_pk primary key (schedule_id, planned_at),
    constraint schedule_run_schedule_fk foreign key (schedule_id) references schedule (id) on delete cascade,
    constraint schedule_run_known check (verdict in ('SUBMITTED', 'WAITING', 'SKIPPED', 'MISSED')),
    constraint schedule_run_submitted_has_job check ((verdict = 'SUBMITTED') = (job_id is not null)),
    constraint schedule_run_without_has_cause check ((verdict in ('SKIPPED', 'MISSED')) = (cause is not null)),
    constraint schedule_run_range check (until >= planned_at and instants > 0 and (until > planned_at or instants = 1)),
    constraint schedule_run_one_job_one_instant check (cause is not null or instants = 1)
);
comment on table schedule_run is 'The ledger: one verdict for each planned instant, or for a range of them that have the same; never lost, never given twice';
comment on column schedule_run.job_id is 'No foreign key: the line stays when its job is forgotten';
create index schedule_run_waiting on schedule_run (schedule_id, planned_at) where verdict = 'WAITING';

alter table job_state add column schedule_id uuid;
comment on column job_state.schedule_id is 'As in job: for the jobs of a schedule that have not ended';
