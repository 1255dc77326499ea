-- What has been folded is a snapshot, not a border: the oldest transaction of the whole server, be it another database's, held the
-- border back, and with it what the programme is seen to owe.
alter table programme_fold add column folded pg_snapshot;
update programme_fold set folded = format('%s:%s:', greatest(next_xid, '3'), greatest(next_xid, '3'))::pg_snapshot; -- 3 is the first xid
alter table programme_fold alter column folded set not null, drop column next_xid;
