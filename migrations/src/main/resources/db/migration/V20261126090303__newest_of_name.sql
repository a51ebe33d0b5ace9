-- for the list by name
drop index concurrently if exists job_newest_of_name;
create index concurrently job_newest_of_name on job (name, submitted_at desc, id desc);
