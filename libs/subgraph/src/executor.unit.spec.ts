import { buildSchema, GraphQLError, parse } from 'graphql';
import { compilingGateway } from './executor.ts';
import { judgesText, unstorableIn } from './unstorable-text.ts';

const schema = buildSchema(`
  input Inner { unit: String! = "points" }
  input Input { amount: Int!, inner: Inner! = {} }
  type Query { echo(input: Input!): String }
`);
schema.getQueryType()!.getFields()['echo']!.resolve = (_, args) => JSON.stringify(args['input']);

describe('the compiling executor', () => {
  it('fills in the default values of input fields, as graphql-js does', async () => {
    const { executor } = await compilingGateway(schema).load({} as never);
    const document = parse('query ($input: Input!) { echo(input: $input) }');
    const request = { variables: { input: { amount: 1 } } };
    const result = await executor!({ document, queryHash: 'x', request, context: {} } as never);
    expect(result).toEqual({ data: { echo: '{"amount":1,"inner":{"unit":"points"}}' } });
  });

  it('gives errors that Apollo Server can format: with extensions, path and the error that was thrown', async () => {
    const failing = buildSchema('type Query { fail: [String!]! }');
    const thrown = new Error('no');
    failing.getQueryType()!.getFields()['fail']!.resolve = () => Promise.reject(thrown);
    const { executor } = await compilingGateway(failing).load({} as never);
    const result = await executor!({ document: parse('{ fail }'), queryHash: 'y', request: {}, context: {} } as never);
    expect(result.data).toBeNull();
    expect(result.errors).toMatchObject([{ message: 'no', path: ['fail'], extensions: {}, locations: [{ line: 1 }] }]);
    expect(result.errors![0]).toBeInstanceOf(GraphQLError);
    expect(result.errors![0]!.originalError).toBe(thrown);
  });

  it('refuses a character that no text can hold, and says in which variable it is, before anything is executed', async () => {
    const { executor } = await compilingGateway(schema).load({} as never);
    const run = (text: string, variables?: object) =>
      executor!({ document: parse(text), queryHash: text, request: { variables }, context: {} } as never);
    const refused = async (variables: object) => {
      const { data, errors } = await run('query ($input: Input!) { echo(input: $input) }', variables);
      expect(data).toBeUndefined();
      expect(errors).toHaveLength(1);
      expect(errors![0]!.extensions).toEqual({ code: 'BAD_USER_INPUT' });
      return errors![0]!.message;
    };
    expect(await refused({ input: { amount: 1, inner: { unit: 'a\u0000' } } })).toMatch(
      /^Variable "\$input\.inner\.unit" /,
    );
    expect(await refused({ list: ['', { 'a\u0000': 1 }] })).toMatch(/^Variable "\$list\.1\.a\\u0000" /);
    expect(await refused({ list: ['half of one: \ud83d'] })).toMatch(
      /^Variable "\$list\.0" contains half of a character/,
    );
    const written = await run('{ echo(input: { amount: 1, inner: { unit: "\\u0000" } }) }');
    expect(written).toMatchObject({ errors: [{ message: expect.stringContaining('U+0000') }] });
  });

  it('leaves it to a field that judges the texts of its batch itself, and to no other beside it', async () => {
    const batched = buildSchema('type Query { take(texts: [String!]!): Int other: Int }');
    const fields = batched.getQueryType()!.getFields();
    fields['take']!.extensions = judgesText;
    fields['take']!.resolve = (_, { texts }) => (texts as string[]).filter((text) => !unstorableIn({ text })).length;
    const { executor } = await compilingGateway(batched).load({} as never);
    const run = (body: string) => {
      const text = `query ($texts: [String!]!) { ${body} }`;
      const request = { variables: { texts: ['good', 'b\u0000d', '\udc00'] } };
      return executor!({ document: parse(text), queryHash: text, request, context: {} } as never);
    };
    expect(await run('take(texts: $texts)')).toEqual({ data: { take: 1 } });
    expect((await run('take(texts: $texts) other')).errors).toHaveLength(1);
  });
});
