alter table job add column waits_for_config boolean not null default false;
comment on column job.waits_for_config is 'A missing Secret or ConfigMap is waited for, and never a failure';

alter table job_pod
    add column image       text,
    add column heard_class text,
    add column heard_count bigint,
    add column heard_at    timestamptz,
    add constraint job_pod_heard_whole
        check ((heard_class is null) = (heard_at is null) and (heard_class is null) = (heard_count is null));
comment on column job_pod.image is 'That which cannot be had, where an image is what the pod waits for';
comment on column job_pod.heard_at is 'When an event was repeated last, by the database''s clock, where only events tell why the pod waits';
create index job_pod_pulls on job_pod (class_since)
    where class in ('IMAGE_PULL_FAILED', 'IMAGE_NOT_FOUND') and phase = 'Pending';
comment on index job_pod_pulls is 'Pulls that fail now: among these outages are looked for';

create index job_state_waiting on job_state ((waiting ->> 'class'), (waiting ->> 'object')) where waiting is not null;
comment on index job_state_waiting is 'Live causes, for GET /api/v1/problems';

create table image_start (
    image      text        not null,
    started_at timestamptz not null,
    constraint image_start_pk primary key (image)
);
comment on table image_start is 'When a container of an image was last seen to start, to the hour: what started today is not missing';
create index image_start_age on image_start (started_at);

create table outage (
    cluster text        not null,
    kind    text        not null,
    name    text        not null,
    since   timestamptz not null,
    seen_at timestamptz not null,
    constraint outage_pk primary key (cluster, kind, name),
    constraint outage_kind_known check (kind in ('REGISTRY', 'NODE'))
);
comment on table outage is 'Registries and nodes where the pulls of many images fail; while one is on, verdicts about them are held up';
