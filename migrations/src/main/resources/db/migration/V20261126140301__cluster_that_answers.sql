alter table cluster
    add column asked_at timestamptz,
    add column answers_identity text,
    add column answers_since timestamptz;
comment on column cluster.heartbeat_at is 'When the known identity answered last';
comment on column cluster.asked_at is 'When a messages-processor asked last, whatever came of it';
comment on column cluster.answers_identity is 'Which cluster answers now; null where none does';
