-- The day on which a customer has her birthday, without the year: no more is needed to congratulate her.
create table birthday (
  profile_id uuid primary key,
  month smallint not null check (month between 1 and 12),
  day smallint not null check (day between 1 and 31)
);
create index birthday_of_day on birthday (month, day);
