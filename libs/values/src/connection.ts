import { type ClassType, Directive, Field, ObjectType } from 'type-graphql';
import { DomainError } from './user-error.ts';

/** Larger pages cost more than the round trip they save, and bound what one request may hold in memory. */
export const MAX_PAGE_SIZE = 100;
export const DEFAULT_PAGE_SIZE = 20;

@ObjectType({ description: 'Where a page stands in its list.' })
@Directive('@shareable')
export class PageInfo {
  @Field(() => Boolean, { description: 'There is more after this page.' })
  hasNextPage: boolean;

  @Field(() => Boolean, { description: 'There is more before this page.' })
  hasPreviousPage: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first item.' })
  startCursor: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last item; pass it as `after` for the next page.',
  })
  endCursor: string | null;
}

export interface Edge<T> {
  cursor: string;
  node: T;
}

export interface Connection<T> {
  edges: Edge<T>[];
  pageInfo: PageInfo;
}

/**
 * The Relay connection of a type: `@ObjectType() class OrderConnection extends connection('Order', () => Order) {}`.
 * The name is given because a class in a cycle may not be there yet.
 */
export function connection<T extends object>(name: string, node: () => ClassType<T>): abstract new () => Connection<T> {
  @Directive('@shareable')
  @ObjectType(`${name}Edge`, { description: `One ${name} in a list, with its cursor.` })
  class EdgeOf {
    @Field(() => String, { description: 'Pass it as `after` or `before`.' })
    cursor: string;

    @Field(() => node(), { description: 'The item itself.' })
    node: T;
  }

  @ObjectType({ description: `A page of ${name}.` })
  abstract class ConnectionOf {
    @Field(() => [EdgeOf], { description: 'The items of this page, in order.' })
    edges: EdgeOf[];

    @Field(() => PageInfo, { description: 'Where this page stands.' })
    pageInfo: PageInfo;
  }
  return ConnectionOf;
}

export interface PageArgs {
  first?: number | null;
  after?: string | null;
}

/** Checks a page size: 1 to 100, 20 where none is given. */
export function pageSize(first: number | null | undefined, max = MAX_PAGE_SIZE): number {
  const size = first ?? DEFAULT_PAGE_SIZE;
  if (!Number.isInteger(size) || size < 1 || size > max) {
    throw new DomainError('PAGE_SIZE_OUT_OF_RANGE', `A page holds 1 to ${max} items, ${size} were asked for.`, [
      'first',
    ]);
  }
  return size;
}

/** Cursors are opaque to clients: the sort key of the row, as JSON in base64url. */
export const encodeCursor = (key: readonly unknown[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

export function decodeCursor<Key extends unknown[]>(cursor: string | null | undefined, field = 'after'): Key | null {
  if (!cursor) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(key)) return key as Key;
  } catch {
    // falls through to the refusal below
  }
  throw new DomainError(
    'INVALID_CURSOR',
    `"${cursor.slice(0, 40)}" is no cursor of this list. Pass the endCursor of a page.`,
    [field],
  );
}

/** A page from rows that were read with `limit size + 1`. */
export function pageOf<Row, T>(
  rows: readonly Row[],
  size: number,
  node: (row: Row) => T,
  key: (row: Row) => readonly unknown[],
  hasPreviousPage = false,
): Connection<T> {
  const edges = rows.slice(0, size).map((row) => ({ cursor: encodeCursor(key(row)), node: node(row) }));
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > size,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
