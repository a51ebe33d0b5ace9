-- the first in line of each namespace, however many another has before it
drop index concurrently if exists job_state_queued_of_namespace;
create index concurrently job_state_queued_of_namespace on job_state (cluster, coalesce(namespace, ''), rank, job_id)
    where state = 'QUEUED' and desired = 'RUN';
