import { buildSchema, parse } from 'graphql';
import { compilingGateway } from './executor.ts';

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
});
