alter table job_state
    add column check_tries integer not null default 0,
    add column check_since timestamptz,
    add column check_error text;
comment on column job_state.check_tries is 'How often in a row its check failed by itself; tried again at next_check_at, and 0 after the first success';
comment on column job_state.check_error is 'Why, the last time';
