-- for the list by state: nearly all jobs have succeeded, and are found by walking
drop index concurrently if exists job_state_by_state;
create index concurrently job_state_by_state on job_state (state, job_id desc) where state <> 'SUCCEEDED';
