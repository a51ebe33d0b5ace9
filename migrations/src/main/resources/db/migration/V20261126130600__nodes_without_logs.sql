alter table gateway add column nodes_without_logs jsonb;
comment on column gateway.nodes_without_logs is 'Nodes whose logs nobody can read: name, answer, since when that is known; null where a gateway does not tell';
