import { deepMerge } from '@apollo/gateway/dist/utilities/deepMerge.js';
import { isObjectOfType } from '@apollo/gateway/dist/dataRewrites.js';
import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';

export type Json = Record<string, unknown>;

/** Reads from an entity what another subgraph needs to recognise it; null where part of that is missing. */
export function representationOf(schema: GraphQLSchema, entity: Json, requires: QueryPlanSelectionNode[]): Json | null {
  const representation: Json = {};
  for (const selection of requires) {
    if (selection.kind === 'Field') {
      const name = selection.alias ?? selection.name;
      const value = Object.hasOwn(entity, name) ? entity[name] : undefined;
      if (value === undefined) return null;
      representation[name] = valueOf(schema, value, selection.selections);
    } else if (selection.typeCondition && isObjectOfType(schema, entity, selection.typeCondition)) {
      const part = representationOf(schema, entity, selection.selections);
      if (requires.length === 1) return part;
      deepMerge(representation, part);
    }
  }
  return representation;
}

function valueOf(schema: GraphQLSchema, value: unknown, selections: QueryPlanSelectionNode[] | undefined): unknown {
  if (!selections) return value;
  const read = (item: unknown): unknown => (item === null ? null : representationOf(schema, item as Json, selections));
  return Array.isArray(value) ? value.map(read) : read(value);
}

export interface Representations {
  /** Each different one once. */
  distinct: Json[];
  /** For each of them the entities, by index, that it stands for. */
  standsFor: number[][];
}

/** The same product in a hundred reviews is asked for once. */
export function collectRepresentations(
  entities: readonly Json[],
  represent: (entity: Json) => Json | null,
): Representations {
  const known = new Map<string, number[]>();
  const distinct: Json[] = [];
  const standsFor: number[][] = [];
  entities.forEach((entity, index) => {
    const representation = represent(entity);
    if (!representation) return;
    const key = JSON.stringify(representation);
    const same = known.get(key);
    if (same) {
      same.push(index);
      return;
    }
    const indexes = [index];
    known.set(key, indexes);
    distinct.push(representation);
    standsFor.push(indexes);
  });
  return { distinct, standsFor };
}
