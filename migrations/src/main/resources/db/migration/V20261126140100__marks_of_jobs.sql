alter table job_state
    add column ending_since timestamptz,
    add column job_changed_since timestamptz,
    add column pods_remain_since timestamptz;
comment on column job_state.ending_since is 'Since when its Job is seen to come to its end without having come to it';
comment on column job_state.job_changed_since is 'Since when its Job does not carry our labels and annotations any more: no watch tells of it';
comment on column job_state.pods_remain_since is 'It has its answer since then, and pods of it that may run still stand: its weight counts until they are gone';
