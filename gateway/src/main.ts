import './environment.ts';
import { keysFromEnv } from '@trenza/auth';
import pino from 'pino';
import { configFromEnv } from './config.ts';
import { createGateway } from './gateway.ts';
import { startTracing } from './http/tracing.ts';

async function main(): Promise<void> {
  const config = configFromEnv();
  const log = pino({ level: config.logLevel, base: { service: 'gateway' } });
  const tracing = startTracing(process.env);
  const gateway = await createGateway(config, keysFromEnv('gateway'), log);
  const address = await gateway.listen();
  log.info({ address }, 'gateway listens');

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'draining');
    await gateway.close();
    await tracing.stop();
    log.info('stopped');
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
