alter table job_state add column look_wanted_at timestamptz;
comment on column job_state.look_wanted_at is
    'Since when a look is demanded by what was told, apart from the routine of next_check_at; answered only by a look that began later';
