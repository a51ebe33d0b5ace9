-- nearly always empty: a demand stands until its look is written
create index concurrently if not exists job_state_look_wanted on job_state (cluster, look_wanted_at)
    where look_wanted_at is not null;
