import { failureOf } from '@trenza/telemetry';
import { pino, type DestinationStream, type Logger } from 'pino';

/** JSON lines on standard output. The gateway logs names, ids and codes; of an error what holds no values. */
export const createLog = (level: string, destination?: DestinationStream): Logger =>
  pino(
    { level, base: { service: 'gateway' }, serializers: { err: (error: unknown) => failureOf(error) } },
    destination ?? pino.destination({ sync: true }),
  );
