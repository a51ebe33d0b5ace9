create table installation (
    singleton       boolean     not null default true,
    id              uuid        not null,
    key_fingerprint text        not null,
    created_at      timestamptz not null default now(),
    constraint installation_pk primary key (singleton),
    constraint installation_is_one check (singleton)
);
comment on table installation is 'Which Windlass this database belongs to; every object in a cluster carries the id';

create table cluster (
    name         text        not null,
    identity     text,
    heartbeat_at timestamptz,
    paused       boolean     not null default false,
    created_at   timestamptz not null default now(),
    constraint cluster_pk primary key (name)
);
comment on table cluster is 'A name and the uid of its kube-system namespace: another cluster behind the same name is refused';

create table job (
    id           uuid        not null,
    cluster      text        not null,
    namespace    text        not null,
    queue        text        not null,
    name         text        not null,
    spec         jsonb       not null,
    spec_version integer     not null,
    spec_hash    text        not null,
    labels       jsonb       not null,
    priority     integer     not null,
    weight       integer     not null,
    rank         timestamptz not null,
    max_retries  integer     not null,
    completions  integer     not null,
    start_timeout_ms bigint,
    submitted_by text        not null,
    submitted_at timestamptz not null,
    traceparent  text,
    rerun_of     uuid,
    schedule_id  uuid,
    planned_at   timestamptz,
    constraint job_pk primary key (id),
    constraint job_weight_positive check (weight > 0)
);
comment on table job is 'What was asked for; never updated';
create index job_newest on job (submitted_at desc, id desc);
create index job_newest_in_namespace on job (namespace, submitted_at desc, id desc);
create index job_labels on job using gin (labels jsonb_path_ops);

create table job_state (
    job_id              uuid        not null,
    cluster             text        not null,
    rank                timestamptz not null,
    weight              integer     not null,
    version             integer     not null,
    state               text        not null,
    desired             text        not null,
    desired_reason      text,
    desired_message     text,
    reason              text,
    message             text,
    exit_code           integer,
    may_have_run        boolean,
    attempt             integer     not null default 0,
    kubernetes_name     text,
    kubernetes_uid      text,
    guard               bigint      not null default 0,
    claim_token         uuid,
    claim_until         timestamptz,
    takeovers           integer     not null default 0,
    missing_since       timestamptz,
    delete_requested_at timestamptz,
    settled             boolean     not null default false,
    admitted_at         timestamptz,
    started_at          timestamptz,
    finished_at         timestamptz,
    waiting             jsonb,
    waits_for_room_since timestamptz,
    next_check_at       timestamptz,
    constraint job_state_pk primary key (job_id),
    constraint job_state_job_fk foreign key (job_id) references job (id) on delete cascade,
    constraint job_state_known check (state in ('QUEUED', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    constraint job_state_desired_known check (desired in ('RUN', 'CANCEL', 'FAIL')),
    constraint job_state_version_positive check (version > 0),
    constraint job_state_failed_has_reason check (state <> 'FAILED' or reason is not null),
    constraint job_state_ended_has_time check ((state in ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at is not null)),
    constraint job_state_settled_has_ended check (not settled or finished_at is not null),
    constraint job_state_unfinished_is_checked check
        (state not in ('STARTING', 'RUNNING') or next_check_at is not null),
    constraint job_state_unsettled_is_checked check (finished_at is null or settled or next_check_at is not null),
    constraint job_state_named_once_admitted check (state in ('QUEUED', 'CANCELLED') or kubernetes_name is not null),
    constraint job_state_claim_whole check ((claim_token is null) = (claim_until is null))
) with (fillfactor = 70);
comment on table job_state is 'Where a job stands; written by compare-and-set on version only';
comment on column job_state.next_check_at is 'By when somebody must look if no news came; null only where nothing is to be done';
create index job_state_queued on job_state (cluster, rank, job_id) where state = 'QUEUED' and desired = 'RUN';
create index job_state_live on job_state (cluster) include (weight) where state <> 'QUEUED' and not settled;
create index job_state_starting on job_state (cluster, waits_for_room_since) where state = 'STARTING';
create index job_state_due on job_state (cluster, next_check_at) where next_check_at is not null;

create function job_state_is_final() returns trigger language plpgsql as $$
begin
    if (old.state, old.reason, old.message, old.exit_code, old.may_have_run, old.attempt, old.kubernetes_name,
        old.started_at, old.finished_at)
       is distinct from
       (new.state, new.reason, new.message, new.exit_code, new.may_have_run, new.attempt, new.kubernetes_name,
        new.started_at, new.finished_at)
    then
        raise exception 'job % has ended as %: its answer is final', old.job_id, old.state
            using errcode = 'integrity_constraint_violation', constraint = 'job_state_is_final';
    end if;
    if old.settled and not new.settled then
        raise exception 'job % is settled', old.job_id
            using errcode = 'integrity_constraint_violation', constraint = 'job_state_is_final';
    end if;
    return new;
end $$;
create trigger job_state_is_final before update on job_state
    for each row when (old.state in ('SUCCEEDED', 'FAILED', 'CANCELLED'))
    execute function job_state_is_final();

create table job_pod (
    job_id      uuid        not null,
    attempt     integer     not null,
    pod_uid     text        not null,
    name        text        not null,
    guard       bigint      not null,
    phase       text        not null,
    node        text,
    class       text,
    cause       text,
    class_since timestamptz,
    pulls       integer     not null default 0,
    started_at  timestamptz,
    exit_code   integer,
    reason      text,
    message     text,
    disrupted   boolean     not null default false,
    constraint job_pod_pk primary key (job_id, attempt, pod_uid),
    constraint job_pod_job_fk foreign key (job_id) references job (id) on delete cascade,
    constraint job_pod_class_whole check ((class is null) = (class_since is null))
) with (fillfactor = 80);
comment on table job_pod is 'What was seen of each pod; the first cause is kept, class_since is of the database''s clock';

create table event_feed (
    singleton boolean not null default true,
    last_seq  bigint  not null default 0,
    constraint event_feed_pk primary key (singleton),
    constraint event_feed_is_one check (singleton)
);
comment on table event_feed is 'The last number that the sequencer gave; a table and not a sequence, so that a rollback leaves no gap';
insert into event_feed default values;

create table job_event (
    job_id           uuid        not null,
    version          integer     not null,
    seq              bigint,
    at               timestamptz not null,
    from_state       text,
    to_state         text        not null,
    reason           text        not null,
    message          text        not null,
    source           text        not null,
    kind             text,
    name             text,
    uid              text,
    resource_version bigint,
    raw              text,
    constraint job_event_pk primary key (job_id, version)
) partition by range (job_id);
comment on table job_event is 'Every write of state, desire or evidence; seq is given after the commit, in the order of the feed';
create table job_event_default partition of job_event default;
create index job_event_feed on job_event (seq);
create index job_event_unsequenced on job_event (job_id, version) where seq is null;

create table idempotency_key (
    caller       text        not null,
    namespace    text        not null,
    key          text        not null,
    job_id       uuid        not null,
    body_hash    text        not null,
    hash_version integer     not null,
    created_at   timestamptz not null,
    constraint idempotency_key_pk primary key (caller, namespace, key)
);
comment on table idempotency_key is 'One job per caller, namespace and key; the hash is of the body as received';
create index idempotency_key_age on idempotency_key (created_at);
