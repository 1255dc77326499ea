-- The surveys that every retailer begins with. New versions are published through the graph; these rows stay as version 1.
insert into survey (id, key, metric, name, trigger, rest_days, valid_days, delay_minutes, created_at, created_by) values
  ('0191a000-0000-7000-8000-00000000f001', 'nps-after-purchase', 'nps', 'NPS tras la compra', 'order-completed', 90, 30, 0, '2026-01-01T00:00:00Z', 'migration'),
  ('0191a000-0000-7000-8000-00000000f002', 'csat-after-return', 'csat', 'CSAT tras una devolución', 'order-returned', 30, 30, 0, '2026-01-01T00:00:00Z', 'migration'),
  ('0191a000-0000-7000-8000-00000000f003', 'ces-after-recovery', 'ces', 'CES tras resolver un caso', 'case-resolved', 0, 30, 0, '2026-01-01T00:00:00Z', 'migration');

insert into survey_version (survey_id, version, definition, published_at, published_by) values
  ('0191a000-0000-7000-8000-00000000f001', 1, '{
 "defaultLanguage": "es",
 "questions": [
  {
   "id": "score",
   "kind": "scale",
   "text": {
    "es": "¿Con qué probabilidad nos recomendarías a un amigo o familiar?",
    "en": "How likely are you to recommend us to a friend or relative?",
    "pt": "Qual a probabilidade de você nos recomendar a um amigo ou familiar?"
   },
   "min": 0,
   "max": 10,
   "scored": true,
   "required": true,
   "branches": [
    {
     "atMost": 6,
     "goto": "went-wrong"
    },
    {
     "atLeast": 9,
     "goto": "loved"
    }
   ]
  },
  {
   "id": "improve",
   "kind": "text",
   "text": {
    "es": "¿Qué podríamos hacer mejor?",
    "en": "What could we do better?",
    "pt": "O que poderíamos fazer melhor?"
   },
   "branches": [
    {
     "goto": "end"
    }
   ]
  },
  {
   "id": "went-wrong",
   "kind": "text",
   "text": {
    "es": "Sentimos no haber estado a la altura. ¿Qué falló?",
    "en": "We are sorry to have let you down. What went wrong?",
    "pt": "Sentimos muito não ter correspondido. O que deu errado?"
   }
  },
  {
   "id": "contact",
   "kind": "choice",
   "text": {
    "es": "¿Quieres que te llamemos para arreglarlo?",
    "en": "Would you like us to call you and put it right?",
    "pt": "Quer que liguemos para resolver?"
   },
   "options": [
    {
     "id": "yes",
     "text": {
      "es": "Sí",
      "en": "Yes",
      "pt": "Sim"
     }
    },
    {
     "id": "no",
     "text": {
      "es": "No",
      "en": "No",
      "pt": "Não"
     }
    }
   ],
   "branches": [
    {
     "goto": "end"
    }
   ]
  },
  {
   "id": "loved",
   "kind": "text",
   "text": {
    "es": "¡Gracias! ¿Qué te ha gustado más?",
    "en": "Thank you! What did you like most?",
    "pt": "Obrigado! Do que você mais gostou?"
   }
  }
 ]
}', '2026-01-01T00:00:00Z', 'migration'),
  ('0191a000-0000-7000-8000-00000000f002', 1, '{
 "defaultLanguage": "es",
 "questions": [
  {
   "id": "score",
   "kind": "scale",
   "text": {
    "es": "¿Cómo de satisfecho quedaste con tu devolución?",
    "en": "How satisfied were you with your return?",
    "pt": "Quão satisfeito você ficou com a sua devolução?"
   },
   "min": 1,
   "max": 5,
   "scored": true,
   "required": true,
   "branches": [
    {
     "atLeast": 4,
     "goto": "comment"
    }
   ]
  },
  {
   "id": "trouble",
   "kind": "multi",
   "text": {
    "es": "¿Qué fue lo difícil?",
    "en": "What was difficult?",
    "pt": "O que foi difícil?"
   },
   "options": [
    {
     "id": "time",
     "text": {
      "es": "Tardó demasiado",
      "en": "It took too long",
      "pt": "Demorou demais"
     }
    },
    {
     "id": "rules",
     "text": {
      "es": "No entendí las condiciones",
      "en": "I did not understand the rules",
      "pt": "Não entendi as regras"
     }
    },
    {
     "id": "refund",
     "text": {
      "es": "El reembolso",
      "en": "The refund",
      "pt": "O reembolso"
     }
    },
    {
     "id": "staff",
     "text": {
      "es": "El trato",
      "en": "How I was treated",
      "pt": "O atendimento"
     }
    }
   ]
  },
  {
   "id": "comment",
   "kind": "text",
   "text": {
    "es": "¿Quieres contarnos algo más?",
    "en": "Anything else you would like to tell us?",
    "pt": "Quer nos contar algo mais?"
   }
  }
 ]
}', '2026-01-01T00:00:00Z', 'migration'),
  ('0191a000-0000-7000-8000-00000000f003', 1, '{
 "defaultLanguage": "es",
 "questions": [
  {
   "id": "score",
   "kind": "scale",
   "text": {
    "es": "Hemos intentado arreglarlo. ¿Nos lo pusimos fácil? (1 nada, 7 muchísimo)",
    "en": "We tried to put it right. Did we make it easy for you? (1 not at all, 7 very)",
    "pt": "Tentamos resolver. Facilitamos para você? (1 nada, 7 muito)"
   },
   "min": 1,
   "max": 7,
   "scored": true,
   "required": true
  },
  {
   "id": "comment",
   "kind": "text",
   "text": {
    "es": "¿Qué más podemos hacer?",
    "en": "What else can we do?",
    "pt": "O que mais podemos fazer?"
   }
  }
 ]
}', '2026-01-01T00:00:00Z', 'migration');
