alter table job_state
    add column cluster_identity text,
    add column lost_identity text,
    add column lose_tries integer not null default 0,
    add column lose_at timestamptz,
    add column lose_error text;
comment on column job_state.cluster_identity is 'Of the cluster in which its Job is made; a row without one counts to the cluster that is known';
comment on column job_state.lost_identity is 'Of the cluster that was declared lost with this job in it';
comment on column job_state.lose_at is 'It could not be ended, for the reason that stands beside: tried again then';
