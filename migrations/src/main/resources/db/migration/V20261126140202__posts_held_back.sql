-- nearly always empty: those whose POST waits until an API server takes them again
drop index concurrently if exists job_state_posts_held_back;
create index concurrently job_state_posts_held_back on job_state (cluster, namespace) where next_post_at is not null;
