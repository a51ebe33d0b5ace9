create index job_state_expired on job_state (finished_at, job_id) where settled;
comment on index job_state_expired is 'What retention may delete, oldest first';
create index idempotency_key_job on idempotency_key (job_id);
