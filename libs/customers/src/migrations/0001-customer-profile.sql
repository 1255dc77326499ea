-- Identity's decision, as this subgraph knows it: which customer each profile belongs to. A profile that is not here is its own customer.
create table customer_profile (
  profile_id  uuid primary key,
  customer_id uuid   not null,
  version     bigint not null
);
create index customer_profile_customer on customer_profile (customer_id);
