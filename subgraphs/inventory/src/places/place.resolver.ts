import { Allow } from '@trenza/auth';
import { sql } from '@trenza/database';
import { mutate, type Context } from '@trenza/subgraph';
import { GeoPointInput, GraphQLDateTimeISO, pageSize, decodeCursor, pageOf } from '@trenza/values';
import { Arg, Ctx, Directive, FieldResolver, Float, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { InventoryImportPayload } from '../imports/import.type.ts';
import { importStores } from './import-stores.ts';
import { isOpen, nextInterval } from './opening-hours.ts';
import { ImportStoresInput, OpeningInterval, Store, StoreConnection, StoreKind, StoreService } from './place.type.ts';
import { circleOf, PLACE_COLUMNS, placesById, placesNear } from './places.sql.ts';

const DEFAULT_RADIUS_KM = 50;
/** How old an answer may be that says whether a door is open. */
const OPEN_SECONDS = 60;
/** Stores that are looked at for "open now"; more than that in one circle is no longer near. */
const MAX_NEAR = 1_000;

export const loadStores = (ids: readonly string[], ctx: Context): Promise<(Store | null)[]> =>
  placesById(ctx.database, ids);

@Resolver(() => Store)
export class PlaceResolver {
  @Query(() => StoreConnection, { description: 'Stores: near a point, the nearest first, or all, by code.' })
  @Directive('@cacheControl(maxAge: 300)')
  @Allow('anyone')
  async stores(
    @Ctx() ctx: Context,
    @Arg('near', () => GeoPointInput, { nullable: true, description: 'A point to be near to.' })
    near: GeoPointInput | null,
    @Arg('withinKm', () => Float, { nullable: true, description: 'How far from the point; 50 where not given.' })
    withinKm: number | null,
    @Arg('openNow', () => Boolean, { nullable: true, description: 'Only those that are open now.' })
    openNow: boolean | null,
    @Arg('kind', () => StoreKind, { nullable: true, description: 'Only this kind.' }) kind: StoreKind | null,
    @Arg('services', () => [StoreService], { nullable: true, description: 'Only those that offer all of these.' })
    services: StoreService[] | null,
    @Arg('first', () => Int, { nullable: true, description: 'How many; 20 where not given.' }) first: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Cursor after which to go on.' }) after: string | null,
  ): Promise<StoreConnection> {
    // Where somebody stands is hers: no answer to it is laid down for others. Doors open and close by the minute.
    if (near) ctx.keeping.atMost(0);
    if (openNow) ctx.keeping.atMost(OPEN_SECONDS);
    const size = pageSize(first);
    const cursor = decodeCursor<[number | string]>(after);
    const wanted = (s: Store): boolean => !openNow || isOpen(s.opening, s.timeZone, ctx.now());
    if (!near) {
      const all = await sql<Store>(
        ctx.database,
        `select ${PLACE_COLUMNS} from place p where p.active and ($1::text is null or p.kind = $1)
            and ($2::text[] is null or p.services @> $2) and ($3::text is null or p.code > $3)
          order by p.code limit $4`,
        [kind ?? null, services ?? null, cursor?.[0] ?? null, openNow ? MAX_NEAR : size + 1],
      );
      return pageOf(
        all.filter(wanted).slice(0, size + 1),
        size,
        (s) => s,
        (s) => [s.code],
        cursor !== null,
      );
    }
    const radius = withinKm ?? DEFAULT_RADIUS_KM;
    const found = await placesNear(ctx.database, circleOf(near, radius), { kind, services, limit: MAX_NEAR });
    const from = Number(cursor?.[0] ?? 0);
    const rows = found
      .filter(wanted)
      .map((store, index) => ({ store, index }))
      .slice(from, from + size + 1);
    return pageOf(
      rows,
      size,
      (r) => r.store,
      (r) => [r.index + 1],
      cursor !== null,
    );
  }

  @Query(() => Store, { nullable: true, description: 'A store by its id or its code.' })
  @Allow('anyone')
  async store(
    @Ctx() ctx: Context,
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null,
    @Arg('code', () => String, { nullable: true, description: 'Its code.' }) code: string | null,
  ): Promise<Store | null> {
    if (id) return ctx.load(loadStores, id);
    const [row] = await sql<Store>(ctx.database, `select ${PLACE_COLUMNS} from place p where p.code = $1`, [code]);
    return row ?? null;
  }

  @Mutation(() => InventoryImportPayload, {
    description: 'Make or change stores and warehouses, recognised by their code. The same again changes nothing.',
  })
  @Allow({ roles: ['admin', 'service'] })
  importStores(
    @Arg('input', () => ImportStoresInput) input: ImportStoresInput,
    @Ctx() ctx: Context,
  ): Promise<InventoryImportPayload> {
    return mutate(ctx, InventoryImportPayload, async (tx) =>
      InventoryImportPayload.of(await importStores(tx, input.stores, ctx.now())),
    );
  }

  @FieldResolver(() => Boolean, { description: 'Whether it is open now, or at the instant given.' })
  @Directive(`@cacheControl(maxAge: ${OPEN_SECONDS})`)
  isOpen(
    @Root() { opening, timeZone }: Store,
    @Ctx() ctx: Context,
    @Arg('at', () => GraphQLDateTimeISO, { nullable: true, description: 'Another instant than now.' }) at: Date | null,
  ): boolean {
    return isOpen(opening, timeZone, at ?? ctx.now());
  }

  @FieldResolver(() => OpeningInterval, {
    nullable: true,
    description: 'The opening that is running, or else the next one within three weeks.',
  })
  @Directive(`@cacheControl(maxAge: ${OPEN_SECONDS})`)
  nextOpening(@Root() { opening, timeZone }: Store, @Ctx() ctx: Context): OpeningInterval | null {
    return nextInterval(opening, timeZone, ctx.now());
  }
}
