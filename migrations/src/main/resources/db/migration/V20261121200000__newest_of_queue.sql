-- without a lock that would keep submissions waiting: the services of the version before go on meanwhile
create index concurrently if not exists job_newest_of_queue on job (queue, submitted_at desc, id desc);
