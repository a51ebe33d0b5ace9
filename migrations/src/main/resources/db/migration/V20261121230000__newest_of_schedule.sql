-- for the list by schedule; without a lock, as the index by queue
create index concurrently if not exists job_newest_of_schedule on job (schedule_id, submitted_at desc, id desc)
    where schedule_id is not null;
