-- The document of an export is all there is on her in one place: it is kept as long as she needs to fetch it.
alter table retention_rule drop constraint retention_rule_kind_check;
alter table retention_rule add constraint retention_rule_kind_check
  check (kind in ('anonymous-touchpoints', 'anonymous-source-records', 'audit', 'export-documents'));
insert into retention_rule (kind, days, set_by, set_at) values ('export-documents', 30, 'trenza', now());

-- Those who were erased after they had asked for everything.
update privacy_receipt set document = null
 where document is not null and request_id in (
   select r.id from privacy_request r join profile p on p.id = any(r.profile_ids) where r.kind = 'export' and p.erased_at is not null);
