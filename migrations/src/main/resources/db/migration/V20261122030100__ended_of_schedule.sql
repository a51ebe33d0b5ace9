-- for what a schedule keeps of its ended jobs; without a lock, as the index by queue
create index concurrently if not exists job_state_ended_of_schedule on job_state (schedule_id, finished_at desc, job_id desc)
    where schedule_id is not null and settled;
