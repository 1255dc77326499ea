import { parse } from 'graphql';
import { createDocumentStore, tokensOf } from './document-store.ts';

it('a document is as long as its tokens, however it is laid out', () => {
  const short = parse('{ a { b } }');
  expect(tokensOf(parse('\n# what we ask\n{\n  a {\n    b\n  }\n}\n')) - tokensOf(short)).toBeLessThanOrEqual(1); // the comment
  expect(tokensOf(parse('{ a { b c } }'))).toBe(tokensOf(short) + 1);
});

it('so many distinct documents as strangers care to send are not kept: the first make room for the last', async () => {
  const store = createDocumentStore();
  const document = parse(`{ ${Array.from({ length: 1_000 }, (_, n) => `f${n}`).join(' ')} }`);
  for (let n = 0; n < 200; n++) await store.set(`key ${n}`, document);
  expect(await store.get('key 0')).toBeUndefined();
  expect(await store.get('key 199')).toBe(document);
});
