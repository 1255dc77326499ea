-- Whom we erased. What arrives later under such a profile (a till that was offline, a file of last month) is stored without it.
create table erased_profile (
  profile_id uuid primary key,
  erased_at timestamptz not null
);

-- Stands behind every door at once: orders, imports, returns, holds, uses of promotions, carts.
create function leave_out_erased() returns trigger language plpgsql as $$
begin
  if not is_erased(new.profile_id) then
    return new;
  end if;
  -- A cart without its owner is nothing.
  if tg_table_name = 'cart' then
    return null;
  end if;
  new.profile_id := null;
  if tg_table_name = 'orders' then
    new.latitude := null;
    new.longitude := null;
  elsif tg_table_name in ('order_return', 'stock_hold') then
    new.reason := null;
  end if;
  return new;
end $$;

create trigger leave_out_erased before insert on cart for each row execute function leave_out_erased();
create trigger leave_out_erased before insert on orders for each row when (new.profile_id is not null) execute function leave_out_erased();
create trigger leave_out_erased before insert on order_return for each row when (new.profile_id is not null) execute function leave_out_erased();
create trigger leave_out_erased before insert on stock_hold for each row when (new.profile_id is not null) execute function leave_out_erased();
create trigger leave_out_erased before insert on promotion_use for each row when (new.profile_id is not null) execute function leave_out_erased();
