import './environment.ts';
import { keysFromEnv } from '@trenza/auth';
import { startTracing } from '@trenza/telemetry';
import { configFromEnv } from './config.ts';
import { createGateway } from './gateway.ts';
import { createLog } from './log.ts';

async function main(): Promise<void> {
  const config = configFromEnv();
  const log = createLog(config.logLevel);
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'ended by what nobody caught');
    process.exit(1);
  });
  const tracing = await startTracing('gateway', process.env);
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
