import { ApolloGateway } from '@apollo/gateway';
import type { GatewayExecutor } from '@apollo/server-gateway-interface';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { SubgraphClients } from '../subgraphs/subgraph-clients.ts';

/** One supergraph, validated, with everything that is needed to answer operations over it. It never changes. */
export interface Generation {
  schema: GraphQLSchema;
  sdl: string;
  execute: GatewayExecutor;
  stop(): Promise<void>;
}

/** Throws where the supergraph is not valid. */
export async function createGeneration(sdl: string, clients: SubgraphClients, log: Logger): Promise<Generation> {
  const gateway = new ApolloGateway({
    supergraphSdl: sdl,
    buildService: ({ name, url }) => clients.get(name, url),
    validateSupergraph: true,
    __exposeQueryPlanExperimental: false,
    logger: log.child({ module: 'apollo-gateway' }, { level: 'warn' }),
  });
  let schema: GraphQLSchema | undefined;
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => (schema = apiSchema));
  const { executor } = await gateway.load({ apollo: {} });
  if (!schema) throw new Error('The supergraph has no schema.');
  return { schema, sdl, execute: executor, stop: () => gateway.stop() };
}
