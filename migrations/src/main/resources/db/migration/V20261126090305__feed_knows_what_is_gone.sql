-- whoever deletes, of whichever version, in whichever statement
create function job_event_is_gone() returns trigger language plpgsql
    security definer set search_path from current as $$
declare
    highest bigint;
begin
    select max(seq) into highest from gone;
    update event_feed set pruned_to = highest where pruned_to < highest;
    return null;
end $$;
create trigger job_event_is_gone after delete on job_event
    referencing old table as gone for each statement execute function job_event_is_gone();
