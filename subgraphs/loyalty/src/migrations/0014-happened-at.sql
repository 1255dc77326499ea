-- When what a transfer is about happened, where that is not when it took effect: goods came back on Monday, word of it on Wednesday, and
-- what could be spent on Tuesday is not changed by it.
alter table transfer add column happened_at timestamptz;

drop trigger transfer_is_append_only on transfer;
update transfer set happened_at = r.occurred_at
  from order_return r
 where transfer.currency = r.currency and transfer.key in ('return:' || r.return_id || ':give-back', 'return:' || r.return_id || ':claw-back');
create trigger transfer_is_append_only before delete or update of
  id, key, part, profile_id, budget_id, currency, code, debit, credit, amount, occurred_at, recorded_at, order_id, rule_id, hold_id,
  reward_id, store_id, channel, xid, happened_at
  on transfer for each row execute function refuse_change();
