alter table job_state
    add column namespace text,
    add column failed_calls integer,
    add column next_post_at timestamptz;
comment on column job_state.namespace is 'As in job; null where the version before has written the row alone';
comment on column job_state.next_post_at is
    'Calls for this job came to no answer, failed_calls of them in a row: no POST before this; looks do not wait for it';
