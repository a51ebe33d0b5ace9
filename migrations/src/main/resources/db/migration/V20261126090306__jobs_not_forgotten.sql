alter table job_state
    add column forget_tries integer not null default 0,
    add column forget_at timestamptz,
    add column forget_error text;
comment on column job_state.forget_at is 'It could not be deleted, for the reason that stands beside: tried again then';
