create table cluster_lost (
    cluster     text        not null,
    identity    text        not null,
    declared_at timestamptz not null default clock_timestamp(),
    declared_by text        not null,
    heard_at    timestamptz not null,
    found_at    timestamptz,
    found_by    text,
    done_at     timestamptz,
    told_to     uuid,
    constraint cluster_lost_pk primary key (cluster, identity),
    constraint cluster_lost_found_whole check ((found_at is null) = (found_by is null))
);
comment on table cluster_lost is 'Clusters that were declared lost: nothing is done in them any more, unless they were found again';
comment on column cluster_lost.heard_at is 'When it answered last: what was seen made later may be in another cluster';
comment on column cluster_lost.done_at is 'Since when each of its jobs has its answer, or, once it was found, is told of that';
comment on column cluster_lost.told_to is 'The last job that was told that its cluster is there again';

create table cluster_asked (
    cluster        text        not null,
    replica        uuid        not null,
    asked_at       timestamptz not null,
    identity       text,
    identity_since timestamptz not null,
    unknown_since  timestamptz,
    constraint cluster_asked_pk primary key (cluster, replica)
);
comment on table cluster_asked is 'What each messages-processor was answered when it asked a cluster who it is';
comment on column cluster_asked.identity is 'Null where nothing answered';
comment on column cluster_asked.unknown_since is 'Since when it asks without a break and is not answered by the known one; null while it is';
