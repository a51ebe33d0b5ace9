-- nearly always empty
drop index concurrently if exists job_state_check_set_aside;
create index concurrently job_state_check_set_aside on job_state (check_since) where check_since is not null;
