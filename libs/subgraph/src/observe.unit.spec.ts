import { parse, type OperationDefinitionNode } from 'graphql';
import { labelOf } from './observe.ts';

const label = (text: string): string => labelOf(parse(text).definitions[0] as OperationDefinitionNode);

it('measures an operation by its root field, whatever the client calls it', () => {
  expect(label('query MariaPlanted { mine: order(id: "1") { id } }')).toBe('order');
  expect(label('mutation Buy__inventory__0 { checkout(input: {}) { errors { code } } }')).toBe('checkout');
  expect(label('{ a: order(id: "1") { id } b: order(id: "2") { id } }')).toBe('order');
  expect(label('{ order(id: "1") { id } stores { id } }')).toBe('several');
  expect(label('{ ...everything }')).toBe('several');
});

it('measures entities by their type', () => {
  const entities = (...fragments: string[]): string =>
    label(`query ($r: [_Any!]!) { _entities(representations: $r) { ${fragments.join(' ')} } }`);
  expect(entities('... on Customer { id }')).toBe('_entities Customer');
  expect(entities('... on Customer { id }', '... on Store { id }')).toBe('_entities');
});
