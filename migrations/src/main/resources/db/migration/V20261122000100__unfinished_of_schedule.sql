create index concurrently if not exists job_state_unfinished_of_schedule on job_state (schedule_id)
    where schedule_id is not null and finished_at is null;
