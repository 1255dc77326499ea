-- Who has been in which store: whom the associates of a store serve, and their list of customers. Most touchpoints name no store.
create index touchpoint_store on touchpoint (store_id, profile_id, occurred_at) where store_id is not null;

-- Look-ups by an identifier: they open a customer to an associate for a working day, and are counted. `audit_customer` and `audit_actor`
-- serve them; entries about nobody are settings and look-ups that found nobody, and only the former belong to the log of the settings.
drop index audit_settings;
create index audit_settings on audit (at) where customer_id is null and action <> 'sought';
