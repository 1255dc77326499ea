import fc from 'fast-check';
import { maskAttribute, maskIdentifier, maskText, seesContact } from './mask.ts';

it('an identifier can be told from another and not be used', () => {
  expect(maskIdentifier('email', 'ana.garcia@example.com')).toBe('a***@example.com');
  expect(maskIdentifier('phone', '+34612345678')).toBe('***678');
  expect(maskIdentifier('card', '4006381333931')).toBe('***931');
  expect(maskIdentifier('social', 'instagram:ana.garcia')).toBe('instagram:***');
  expect(maskIdentifier('user', 'ana@example.com')).toBe('a***@example.com');
  for (const type of ['cookie', 'device', 'source'] as const) expect(maskIdentifier(type, 'abc-123456')).toBe('***');
});

it('a short number is hidden as a whole', () => {
  fc.assert(fc.property(fc.stringMatching(/^\d{1,6}$/), (digits) => maskIdentifier('till', digits) === '***'));
});

it('of a birth date an associate sees the day, and whoever counts the year', () => {
  expect(maskAttribute('birthDate', '1990-05-17', 'associate')).toBe('--05-17');
  expect(maskAttribute('birthDate', '1990-05-17', 'analyst')).toBe('1990');
  expect(maskAttribute('birthDate', 'May the 17th, 1990', 'associate')).toBeNull();
});

it('addresses, mailboxes and telephone numbers are hidden wherever they stand', () => {
  expect(maskAttribute('street', 'Calle Mayor 3', 'associate')).toBe('***');
  expect(maskAttribute('notes', 'Call 612 345 678 or write to ana@example.com, size 38', 'associate')).toBe(
    'Call ***678 or write to a***@example.com, size 38',
  );
  expect(maskAttribute('mobile', 612345678, 'associate')).toBe('***678');
  const nested = { partner: { birthDate: '1988-01-02', mail: ['leo@example.com'] }, shoeSize: 38, since: '2020-03-04' };
  expect(maskText(nested, 'associate')).toEqual({
    partner: { birthDate: '--01-02', mail: ['l***@example.com'] },
    shoeSize: 38,
    since: '2020-03-04',
  });
});

it('no mailbox survives in any text', () => {
  fc.assert(
    fc.property(fc.string(), fc.emailAddress(), fc.string(), (before, mail, after) => {
      const box = mail.slice(0, mail.lastIndexOf('@'));
      fc.pre(box.length > 1 && /^[\w.]+$/.test(box));
      return !String(maskText(`${before} ${mail} ${after}`, 'associate')).includes(mail);
    }),
  );
});

it('those who speak for her and she herself see everything', () => {
  expect(['care', 'admin', 'service', 'customer'].every(seesContact)).toBe(true);
  expect(['associate', 'marketer', 'analyst', 'anonymous'].some(seesContact)).toBe(false);
});
