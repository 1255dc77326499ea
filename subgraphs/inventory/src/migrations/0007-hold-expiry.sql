create index stock_hold_live on stock_hold (expires_at) where state = 'live';
create index transfer_open on transfer (to_place_id, sent_at) where state = 'sent';
