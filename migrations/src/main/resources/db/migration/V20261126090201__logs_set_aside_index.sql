-- without a lock: there are many logs, and none is set aside yet
drop index concurrently if exists log_set_aside;
create index concurrently log_set_aside on log (set_aside_since) where set_aside_since is not null;
