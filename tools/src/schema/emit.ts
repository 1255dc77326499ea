import { buildSubgraph, type SubgraphDefinition } from '@trenza/subgraph';
import type { AccessRow } from './access-table.ts';

/**
 * Runs in a process of its own, one per subgraph: type-graphql keeps what decorators say in one place per process, and two
 * subgraphs that both extend Customer would find each other's fields there. Prints what it found as JSON.
 */
export interface Emitted {
  sdl: string;
  access: AccessRow[];
}

function main([file, name]: string[]): void {
  if (!file || !name) throw new Error('usage: emit <file of the definition> <name of the subgraph>');
  // A path that is only known at run time: tools build without the subgraphs.
  const definition = (require(file) as Record<string, SubgraphDefinition>)[name];
  if (!definition) throw new Error(`${file} exports no definition "${name}".`);
  const { sdl, guarded } = buildSubgraph(definition);
  const access = guarded.map(({ coordinate, access: rule }) => ({
    coordinate,
    subgraph: name,
    anyone: rule === 'anyone',
    roles: rule === 'anyone' ? [] : [...rule.roles],
    herself: rule !== 'anyone' && !!rule.self,
    ownStore: rule !== 'anyone' && !!rule.store,
    served: rule !== 'anyone' && !!rule.served,
  }));
  process.stdout.write(JSON.stringify({ sdl, access } satisfies Emitted));
}

if (require.main === module) main(process.argv.slice(2));
