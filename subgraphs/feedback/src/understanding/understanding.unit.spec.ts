import fc from 'fast-check';
import { accuracyOf } from './accuracy.ts';
import { detectLanguage } from './language.ts';
import { sentimentOf } from './sentiment.ts';
import { themesOf } from './topics.ts';
import { understand } from './understand.ts';

/** Sentences of our own, none from a data set; [text, language, feels]. */
const SENTENCES: [string, 'es' | 'en' | 'pt', 'positive' | 'negative'][] = [
  ['Pésima atención, el pedido llegó tarde y roto', 'es', 'negative'],
  ['La dependienta fue amabilísima y me ayudó a elegir la talla', 'es', 'positive'],
  ['No me ha gustado nada', 'es', 'negative'],
  ['Sin ningún problema, llegó antes de lo previsto', 'es', 'positive'],
  ['Nunca más vuelvo a comprar en esta tienda', 'es', 'negative'],
  ['No está mal para el precio que tiene', 'es', 'positive'],
  ['El abrigo es precioso pero llegó con una mancha y nadie contesta', 'es', 'negative'],
  ['Llevo tres semanas esperando el reembolso y no responden', 'es', 'negative'],
  ['Todo perfecto, repetiré', 'es', 'positive'],
  ['Los probadores estaban sucios y la cola era interminable', 'es', 'negative'],
  ['Muy contenta con la compra, gracias', 'es', 'positive'],
  ['The parcel never arrived and nobody answers the phone', 'en', 'negative'],
  ['Not bad at all, would buy again', 'en', 'positive'],
  ["Doesn't fit and the return process is a nightmare", 'en', 'negative'],
  ['Lovely shop, friendly staff and quick delivery', 'en', 'positive'],
  ['The zip broke after two days. Waste of money!', 'en', 'negative'],
  ['No complaints, works as described', 'en', 'positive'],
  ['The dress is beautiful but it came torn and they refused a refund', 'en', 'negative'],
  ['I am not happy with the service', 'en', 'negative'],
  ['Ainda não recebi meu pedido e ninguém responde', 'pt', 'negative'],
  ['Chegou antes do prazo e bem embalado, recomendo', 'pt', 'positive'],
  ['Não gostei, o tecido é de má qualidade', 'pt', 'negative'],
  ['Produto veio com defeito e a loja não resolve', 'pt', 'negative'],
  ['Atendimento ótimo, muuuito atenciosos!', 'pt', 'positive'],
  ['Não tenho do que reclamar', 'pt', 'positive'],
  ['A sapatilha é linda mas veio no tamanho errado e não aceitam troca', 'pt', 'negative'],
];

describe('sentiment', () => {
  it.each(SENTENCES)('understands "%s" (%s) as %s', (text, language, feels) => {
    expect(sentimentOf(text)).toMatchObject({ language, label: feels });
  });

  it('turns round with a negation', () => {
    for (const [plain, negated] of [
      ['Lo recomiendo', 'No lo recomiendo'],
      ['I recommend it', 'I do not recommend it'],
      ['Gostei do produto', 'Não gostei do produto'],
    ] as const) {
      expect(sentimentOf(plain).score).toBeGreaterThan(0);
      expect(sentimentOf(negated).score).toBeLessThan(0);
    }
  });

  it('hears the difference between good and very good, bad and very bad', () => {
    expect(sentimentOf('muy bueno', 'es').score).toBeGreaterThan(sentimentOf('bueno', 'es').score);
    expect(sentimentOf('muy malo', 'es').score).toBeLessThan(sentimentOf('malo', 'es').score);
  });

  it('reads faces', () => {
    expect(sentimentOf('La compra 😍').score).toBeGreaterThan(0);
    expect(sentimentOf('La compra 😡').score).toBeLessThan(0);
  });

  it('does not care about accents, capitals or held-down keys', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SENTENCES), fc.boolean(), ([text, language], upper) => {
        const plain = text.normalize('NFD').replaceAll(/\p{Diacritic}/gu, '');
        expect(sentimentOf(upper ? plain.toUpperCase() : plain, language).score).toBe(
          sentimentOf(text, language).score,
        );
      }),
    );
  });

  it('stays between −1 and 1 for anything one may type', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const { score } = sentimentOf(text);
        expect(score).toBeGreaterThanOrEqual(-1);
        expect(score).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('says that it understood nothing rather than that all is neutral', () => {
    expect(understand('asdf qwer')).toMatchObject({ sentiment: null, themes: [] });
    expect(understand('  ')).toEqual({ sentiment: null, language: null, themes: [] });
  });
});

describe('language', () => {
  it('is taken from the caller where it is one of ours, whatever its region', () => {
    expect(sentimentOf('great', 'es-MX').language).toBe('es');
    expect(sentimentOf('great', 'de').language).toBe('en');
  });

  it('is Spanish where nothing tells', () => {
    expect(detectLanguage('12345')).toBe('es');
  });
});

describe('topics', () => {
  it('names what a text speaks of in three languages', () => {
    const topics = (text: string): string[] => themesOf(text).map((t) => t.topic);
    expect(topics('El envío se retrasó una semana')).toContain('delivery');
    expect(topics('The queue at the till was endless')).toContain('queues');
    expect(topics('Quero o reembolso, a troca não foi aceita')).toContain('returns');
  });

  it('feels each topic by the sentences that speak of it', () => {
    const themes = themesOf('La dependienta fue encantadora. El envío llegó roto y tarde.', 'es');
    expect(themes.find((t) => t.topic === 'staff')!.sentiment).toBeGreaterThan(0.3);
    expect(themes.find((t) => t.topic === 'delivery')!.sentiment).toBeLessThan(-0.3);
  });
});

describe('accuracy', () => {
  it('counts what is right and gives each class the same say in the macro F1', () => {
    const judged = [
      ...Array<{ truth: string; said: string }>(9).fill({ truth: 'positive', said: 'positive' }),
      { truth: 'negative', said: 'positive' },
    ];
    expect(accuracyOf(judged)).toMatchObject({ n: 10, accuracy: 0.9, majority: 0.9 });
    expect(accuracyOf(judged).macroF1).toBeCloseTo(0.4737, 4);
  });
});
