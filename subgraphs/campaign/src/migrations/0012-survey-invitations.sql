-- Questions travel like every other message: past the contact policy, into the ledger of contacts.
alter table message drop constraint message_purpose_check;
alter table message add constraint message_purpose_check check (purpose in ('marketing', 'transactional', 'service', 'survey'));

-- After this it must not go out any more: the survey that it leads to is closed.
alter table message add column not_after timestamptz;

-- The words that every retailer begins with; marketers change them like any template.
insert into template (id, name, created_by, changed_at) values
  ('0191a000-0000-7000-8000-00000000c001', 'survey-invitation', 'migration', '2026-01-01T00:00:00Z');

insert into template_variant (template_id, channel, language, subject, body)
select '0191a000-0000-7000-8000-00000000c001', channel, language, case when channel = 'email' then subject end,
       case when channel = 'email'
            then '<p>' || greeting || '</p><p><a href="{{ surveyUrl }}">' || ask || '</a></p><p><a href="{{ unsubscribeUrl }}">' || leave || '</a></p>'
            when channel = 'store' then till
            else ask || ' {{ surveyUrl }}' end
  from unnest(array['email', 'sms', 'push', 'social', 'app', 'web', 'store']) as channel
 cross join (values
   ('es', '{{ customer.givenName }}, ¿qué tal ha ido?', 'Hola, {{ customer.givenName }}:', 'Cuéntanos en un minuto cómo te ha ido.',
    'No quiero más correos', 'Pídele su opinión: {{ surveyUrl }}'),
   ('en', '{{ customer.givenName }}, how did it go?', 'Hello {{ customer.givenName }},', 'Tell us in a minute how it went.',
    'I want no more mail', 'Ask for her opinion: {{ surveyUrl }}')) as words (language, subject, greeting, ask, leave, till);
