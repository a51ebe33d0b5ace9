alter table job_state add column forget_since timestamptz;
comment on column job_state.forget_since is 'Since when it cannot be deleted; null where the version before has found it';
