-- Whatever was on its way into the tables while she was erased is removed a little later; then this is set.
alter table privacy_request add column swept_at timestamptz;
create index privacy_request_unswept on privacy_request (requested_at) where kind = 'erasure' and swept_at is null;

-- The reason of a merge may name her: an erasure looks for all of hers, undone ones too.
drop index merge_merged;
drop index merge_into;
create index merge_merged on merge (merged_customer);
create index merge_into on merge (into_customer);
