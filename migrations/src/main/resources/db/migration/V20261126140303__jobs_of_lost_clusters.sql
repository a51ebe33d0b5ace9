-- for those that are told that their cluster is there again
drop index concurrently if exists job_state_lost;
create index concurrently job_state_lost on job_state (cluster, lost_identity, job_id) where lost_identity is not null;
