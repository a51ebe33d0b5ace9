create table status_drift (
    cluster text not null,
    kind text not null,
    job_id uuid not null,
    namespace text not null,
    name text not null,
    since timestamptz not null,
    seen_at timestamptz not null,
    constraint status_drift_pk primary key (cluster, kind, job_id)
);
comment on table status_drift is 'What the last comparison of a cluster with the rows found to differ, up to a thousand';
comment on column status_drift.job_id is 'As the Job says: there may be no row of this id';
comment on column status_drift.since is 'When it was found first, by comparisons in a row';
