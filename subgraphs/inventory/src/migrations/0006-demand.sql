-- What was looked for, where and when: no profile, no session; the place is a cell of a tenth of a degree (about 10 km).
create table demand (
  day date not null,
  cell_latitude numeric(4, 1) not null,
  cell_longitude numeric(4, 1) not null,
  term text not null,
  product_id uuid,
  searches int not null default 0,
  unmet int not null default 0,
  unique nulls not distinct (day, cell_latitude, cell_longitude, term, product_id)
);
create index demand_cell on demand (cell_latitude, cell_longitude, day);
