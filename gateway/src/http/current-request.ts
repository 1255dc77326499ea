import { AsyncLocalStorage } from 'node:async_hooks';
import type { GatewayContext } from '../context.ts';

const storage = new AsyncLocalStorage<Pick<GatewayContext, 'requestId'>>();

/** The request being answered, for code that Apollo Server calls without a context. */
export const currentRequest = (): Pick<GatewayContext, 'requestId'> | undefined => storage.getStore();

export const withRequest = <T>(request: Pick<GatewayContext, 'requestId'>, work: () => T): T =>
  storage.run(request, work);
