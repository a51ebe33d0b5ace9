create table gateway (
    cluster text        not null,
    address text        not null,
    seen_at timestamptz not null,
    constraint gateway_pk primary key (cluster, address)
);
comment on table gateway is 'Who can be asked about what is in a cluster now; rows that are not renewed are of the dead';

create table log_pod (
    job_id      uuid        not null,
    pod_uid     text        not null,
    cluster     text        not null,
    namespace   text        not null,
    pod         text        not null,
    nth         integer     not null,
    holder      uuid        not null,
    address     text        not null,
    lease_until timestamptz not null,
    found_at    timestamptz not null default clock_timestamp(),
    closed_at   timestamptz,
    constraint log_pod_pk primary key (job_id, pod_uid),
    constraint log_pod_nth unique (job_id, nth),
    constraint log_pod_nth_positive check (nth > 0),
    constraint log_pod_job_fk foreign key (job_id) references job (id) on delete cascade
) with (fillfactor = 80);
comment on table log_pod is 'A pod whose logs are followed, by one gateway at a time; closed once all of them are kept';
create index log_pod_open on log_pod (cluster, lease_until) where closed_at is null;
create index log_pod_held on log_pod (holder) where closed_at is null;

create table log (
    id           bigint      not null generated always as identity,
    job_id       uuid        not null,
    pod_uid      text        not null,
    container    text        not null,
    ordinal      integer     not null,
    init         boolean     not null,
    bytes        bigint      not null default 0,
    lines        bigint      not null default 0,
    omitted_from bigint      not null default 0,
    omitted_to   bigint      not null default 0,
    stored       bigint      not null default 0,
    resume       jsonb,
    losses       jsonb       not null default '[]',
    sha256       text,
    closed_at    timestamptz,
    dropped_at   timestamptz,
    constraint log_pk primary key (id),
    constraint log_of_container unique (job_id, pod_uid, container),
    constraint log_pod_fk foreign key (job_id, pod_uid) references log_pod (job_id, pod_uid) on delete cascade,
    constraint log_closed_has_sum check ((closed_at is null) = (sha256 is null)),
    constraint log_omitted_inside check (0 <= omitted_from and omitted_from <= omitted_to and omitted_to <= bytes),
    constraint log_dropped_was_closed check (dropped_at is null or closed_at is not null)
) with (fillfactor = 70);
comment on table log is 'What a container wrote, and once closed the receipt for it; bytes only grow, by compare-and-set';
comment on column log.stored is 'Bytes that its pieces take, counted when it is closed';
comment on column log.dropped_at is 'Since when nothing but the receipt is kept';
create index log_kept on log (closed_at) include (stored) where closed_at is not null and dropped_at is null;

create table log_piece (
    log_id     bigint  not null,
    from_byte  bigint  not null,
    bytes      integer not null,
    lines      integer not null,
    last_nanos bigint  not null,
    stored     integer not null,
    object_key text    not null,
    constraint log_piece_pk primary key (log_id, from_byte),
    constraint log_piece_log_fk foreign key (log_id) references log (id) on delete cascade,
    constraint log_piece_not_empty check (bytes > 0)
) with (autovacuum_vacuum_scale_factor = 0.05);
comment on table log_piece is 'Which stretch of a log lies in which object; last_nanos is when the last line that was known then began';

create table log_object (
    key  text  not null,
    data bytea not null,
    constraint log_object_pk primary key (key)
) with (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05);
alter table log_object alter column data set storage external;
comment on table log_object is 'The objects themselves, where no other store is configured; they are compressed already';

create table log_garbage (
    key    text        not null,
    due_at timestamptz not null default clock_timestamp(),
    doomed boolean     not null default false,
    constraint log_garbage_pk primary key (key)
);
comment on table log_garbage is 'Objects that no piece tells of: those of pieces that are gone, and those that are put before a piece tells of them';
comment on column log_garbage.doomed is 'It is being deleted: no piece may tell of it any more';
create index log_garbage_due on log_garbage (due_at);

create function log_piece_is_gone() returns trigger language plpgsql
    security definer set search_path from current as $$
begin
    insert into log_garbage (key) select object_key from gone on conflict do nothing;
    return null;
end $$;
create trigger log_piece_is_gone after delete on log_piece
    referencing old table as gone for each statement execute function log_piece_is_gone();
