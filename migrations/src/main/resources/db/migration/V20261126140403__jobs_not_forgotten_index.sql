-- nearly always empty
drop index concurrently if exists job_state_not_forgotten;
create index concurrently job_state_not_forgotten on job_state (forget_at) where forget_at is not null;
