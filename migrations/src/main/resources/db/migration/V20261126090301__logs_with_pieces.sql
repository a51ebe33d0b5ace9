-- without a lock, as the index by queue; what an interrupted run left behind is thrown away first
drop index concurrently if exists log_dropped_with_pieces;
create index concurrently log_dropped_with_pieces on log (id) where dropped_at is not null and stored > 0;
