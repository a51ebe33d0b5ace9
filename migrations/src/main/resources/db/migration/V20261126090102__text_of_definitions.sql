alter table schedule add column definition_text text;
alter table schedule add column definition_text_version integer;
comment on column schedule.definition_text is 'The definition as it was written; holds for definition_text_version only';
comment on column schedule.definition_text_version is 'Another than version where a version of before has replaced the definition alone';
