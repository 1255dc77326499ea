import fc from 'fast-check';
import { requestBody } from './request-body.ts';

it('is the JSON of the request, however often it is asked for', () => {
  const request = fc.record(
    {
      query: fc.string({ unit: 'binary' }),
      variables: fc.dictionary(fc.string(), fc.jsonValue()),
      operationName: fc.string(),
    },
    { requiredKeys: ['query'] },
  );
  fc.assert(
    fc.property(request, (given) => {
      const expected = JSON.parse(JSON.stringify(given)) as unknown;
      expect(JSON.parse(requestBody(given))).toEqual(expected);
      expect(JSON.parse(requestBody(given))).toEqual(expected);
    }),
  );
});
