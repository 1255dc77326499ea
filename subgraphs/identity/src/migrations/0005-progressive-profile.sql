-- What we would like to know of everybody, and what each answer improves. An admin changes it at any time.
create table profile_question (
  -- An attribute, or a kind of identifier (email, phone).
  field text primary key,
  -- What it improves: reachability, matching, birthday-reward, relevance …
  reason text not null,
  -- What knowing it is worth compared to the other questions; completeness is the share of these that is known.
  value real not null check (value > 0),
  es text not null,
  en text not null,
  pt text not null,
  active boolean not null default true
);
insert into profile_question (field, reason, value, es, en, pt) values
  ('email', 'reachability', 10, '¿A qué correo podemos escribirte?', 'At which e-mail may we write to you?', 'Para que e-mail podemos escrever-lhe?'),
  ('phone', 'reachability', 8, '¿En qué teléfono podemos avisarte?', 'At which telephone may we reach you?', 'Em que telefone podemos avisá-lo?'),
  ('givenName', 'matching', 7, '¿Cómo te llamas?', 'What is your first name?', 'Como se chama?'),
  ('birthDate', 'birthday-reward', 6, '¿Cuándo es tu cumpleaños? Tenemos un regalo para ese día.', 'When is your birthday? We have a present for that day.', 'Quando faz anos? Temos um presente para esse dia.'),
  ('familyName', 'matching', 5, '¿Cuáles son tus apellidos?', 'What is your family name?', 'Qual é o seu apelido?'),
  ('postalCode', 'nearest-store', 4, '¿Cuál es tu código postal? Así te decimos qué hay cerca.', 'What is your postcode? Then we can tell you what is near.', 'Qual é o seu código postal? Assim dizemos o que há perto.'),
  ('preferredChannel', 'reachability', 3, '¿Por dónde prefieres que te escribamos?', 'How do you like to hear from us?', 'Por onde prefere que lhe escrevamos?'),
  ('language', 'reachability', 2, '¿En qué idioma prefieres que te hablemos?', 'Which language do you prefer?', 'Em que língua prefere que falemos?');

-- What she was asked, and what came of it. It hangs on the profile, as everything does.
create table asked_question (
  profile_id uuid not null references profile (id),
  field text not null,
  asked_at timestamptz not null,
  refused_at timestamptz,
  answered_at timestamptz,
  primary key (profile_id, field)
);
