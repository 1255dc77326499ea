import { Allow } from '@trenza/auth';
import { judgesText, mutate, type Context } from '@trenza/subgraph';
import { Arg, Ctx, Extensions, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { auditChange } from '../audit/write-audit.ts';
import { audit } from '../customers/customer.resolver.ts';
import { Customer } from '../customers/customer.type.ts';
import { loadCustomers } from '../customers/load.ts';
import { effectiveConsents } from './consent.ts';
import {
  ConsentStatement,
  CustomerConsent,
  ImportConsentsInput,
  ImportConsentsPayload,
  SetConsentInput,
  SetConsentPayload,
} from './consent.type.ts';
import { importConsents } from './import-consents.ts';
import { setConsent, statementsOf } from './set-consent.ts';

const READERS = ['marketer', 'care', 'admin', 'service'] as const;
const customerOf = (_: unknown, { input }: { input: SetConsentInput }): string => input.customerId;
const herself = ({ id }: { id: string }): string => id;

@Resolver(() => Customer)
export class ConsentResolver {
  @Mutation(() => SetConsentPayload, {
    description: 'Records what she allows or refuses, with the proof. Her last word replaces the ones before it.',
  })
  @Allow({
    roles: ['service', 'care', 'admin'],
    self: customerOf,
    served: customerOf,
  })
  setConsent(
    @Arg('input', () => SetConsentInput, { description: 'What she says.' }) input: SetConsentInput,
    @Ctx() ctx: Context,
  ): Promise<SetConsentPayload> {
    return mutate(ctx, SetConsentPayload, async (tx) => {
      const { customerId, consents } = await setConsent(tx, input, ctx.caller, ctx);
      await auditChange(tx, ctx, 'consent', customerId, [input.purpose]);
      return { customer: { id: customerId }, consents: consents };
    });
  }

  @Mutation(() => ImportConsentsPayload, {
    description:
      'Brings in what customers said elsewhere, up to 1,000 statements. The same statement again changes nothing.',
  })
  @Allow({ roles: ['service', 'admin'] })
  @Extensions(judgesText)
  importConsents(
    @Arg('input', () => ImportConsentsInput, { description: 'The statements.' }) input: ImportConsentsInput,
    @Ctx() ctx: Context,
  ): Promise<ImportConsentsPayload> {
    return mutate(ctx, ImportConsentsPayload, (tx) =>
      importConsents(tx, input.source, input.rows, ctx.caller.subject, ctx),
    );
  }

  @FieldResolver(() => [CustomerConsent], {
    description:
      'What she allows today, per purpose and channel. Where nothing was said there is no entry, and nothing is allowed.',
  })
  @Allow({ roles: [...READERS], self: herself, served: herself })
  async consents(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<CustomerConsent[]> {
    const [customer, statements] = await Promise.all([
      ctx.load(loadCustomers, id),
      ctx.load(loadStatements, id),
      audit(ctx, id, ['consents']),
    ]);
    return effectiveConsents(statements, customer?.profileIds ?? []);
  }

  @FieldResolver(() => [ConsentStatement], { description: 'Everything she ever said about it, the last first.' })
  @Allow({ roles: ['care', 'admin', 'service'], self: herself })
  async consentHistory(@Root() { id }: Customer, @Ctx() ctx: Context): Promise<ConsentStatement[]> {
    const [statements] = await Promise.all([ctx.load(loadStatements, id), audit(ctx, id, ['consentHistory'])]);
    return statements;
  }
}

async function loadStatements(ids: readonly string[], ctx: Context) {
  const customers = await Promise.all(ids.map((id) => ctx.load(loadCustomers, id)));
  const byProfile = Map.groupBy(
    await statementsOf(
      ctx.database,
      customers.flatMap((c) => c?.profileIds ?? []),
    ),
    (s) => s.profileId,
  );
  return customers.map((c) =>
    (c?.profileIds ?? [])
      .flatMap((profile) => byProfile.get(profile) ?? [])
      .toSorted((x, y) => y.occurredAt.getTime() - x.occurredAt.getTime()),
  );
}
