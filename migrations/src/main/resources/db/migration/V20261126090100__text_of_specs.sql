alter table job add column spec_text text;
comment on column job.spec_text is 'The spec as it was hashed; null in rows of a version that wrote spec alone';
