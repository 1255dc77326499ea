import type { As } from '@trenza/testing';

/** Reads fields of ours on a customer, as the gateway does. Tests read deep into answers of many shapes: typing each would hide what they say. */
// oxlint-disable-next-line typescript/no-explicit-any
export async function customerFields(as: As, id: string, selection: string): Promise<any> {
  const query = `query ($customers: [_Any!]!) { _entities(representations: $customers) { ... on Customer { ${selection} } } }`;
  const { data, errors } = await as.graph(query, { customers: [{ __typename: 'Customer', id }] });
  if (errors) throw new Error(errors.map((e) => e.message).join('; '));
  return data['_entities'][0];
}

/** The items of a page. */
// oxlint-disable-next-line typescript/no-explicit-any
export const nodesOf = (page: { edges: { node: any }[] }): any[] => page.edges.map((edge) => edge.node);
