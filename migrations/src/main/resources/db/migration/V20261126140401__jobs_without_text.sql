-- for whoever asks which rows cannot be read: those of versions before, until retention has deleted them
drop index concurrently if exists job_without_text;
create index concurrently job_without_text on job (submitted_at desc) where spec_text is null;
