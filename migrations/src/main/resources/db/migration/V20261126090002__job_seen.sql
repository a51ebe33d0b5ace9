alter table job_state add column job_seen_at timestamptz;
comment on column job_state.job_seen_at is 'When its Kubernetes Job was seen first: startTimeout counts from here; null where only the version before has seen it';
