import type { FastifyInstance } from 'fastify';

export interface Readiness {
  ready: boolean;
  /** Why not, or what is missing although the gateway serves. */
  waitingFor: string[];
}

export function healthRoutes(app: FastifyInstance, readiness: () => Readiness): void {
  app.get('/health/live', () => ({ status: 'live' }));
  app.get('/health/ready', (_request, reply) => {
    const { ready, waitingFor } = readiness();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', waitingFor });
  });
}
