-- A use that was taken back stays on record: word of its order that comes once more must not use the voucher once more.
alter table voucher_use add column released_at timestamptz;
