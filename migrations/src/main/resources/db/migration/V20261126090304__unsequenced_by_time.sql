-- for the sequencer: what is new lies at its right end, what has its number lies left of that and is stepped over by time
drop index concurrently if exists job_event_unsequenced_at;
create index concurrently job_event_unsequenced_at on job_event_default (at) where seq is null;
