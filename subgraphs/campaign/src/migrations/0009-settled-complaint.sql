-- Decisions ask when the last complaint of a customer was settled: an unhappy word from before counts no more.
create index complaint_settled on complaint (profile_id, changed_at) where status in ('resolved', 'closed');
