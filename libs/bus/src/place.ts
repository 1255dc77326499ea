import { AckPolicy, DeliverPolicy, type ConsumerInfo, type JetStreamManager } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';

/** A message that was lost on the way, although nothing was seen to break, is handed out again after this time; the inbox makes that harmless. */
const ACK_WAIT_MS = 60_000;

/**
 * Finds the place of a consumer in a stream and returns the name under which JetStream keeps it.
 *
 * A consumer that comes back (its process was killed, the server was away) has messages that were handed out and never acknowledged. JetStream
 * would hand them out again when their time is over: a minute later, and after newer ones, which is a stall and a wrong order. So it begins anew at
 * the first message that is not acknowledged, under the name of the next generation. The older one is removed when the new one is there: a kill in
 * between leaves both, and the place is never lost.
 */
export async function takePlace(
  manager: JetStreamManager,
  stream: string,
  consumer: string,
  maxAckPending: number,
): Promise<string> {
  const earlier = await generations(manager, stream, consumer);
  const newest = earlier.at(-1);
  if (newest?.num_ack_pending === 0 && earlier.length === 1) return newest.name;
  const floor = Math.max(0, ...earlier.map((info) => info.ack_floor.stream_seq));
  const name = `${consumer}-${newest ? generationOf(newest.name) + 1 : 1}`;
  await manager.consumers.add(stream, {
    durable_name: name,
    ack_policy: AckPolicy.Explicit,
    ...(floor > 0
      ? { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: floor + 1 }
      : { deliver_policy: DeliverPolicy.All }),
    ack_wait: nanos(ACK_WAIT_MS),
    max_ack_pending: maxAckPending,
  });
  for (const { name: old } of earlier) await manager.consumers.delete(stream, old);
  return name;
}

/** Not acknowledged yet; undefined where there never was such a consumer. */
export async function lagOf(manager: JetStreamManager, stream: string, consumer: string): Promise<number | undefined> {
  const newest = (await generations(manager, stream, consumer)).at(-1);
  return newest && newest.num_pending + newest.num_ack_pending;
}

/** Those of one consumer, the oldest first; more than one only where it was killed while it began anew. */
async function generations(manager: JetStreamManager, stream: string, consumer: string): Promise<ConsumerInfo[]> {
  const found: ConsumerInfo[] = [];
  for await (const info of manager.consumers.list(stream))
    if (info.name.replace(/-\d+$/, '') === consumer) found.push(info);
  return found.sort((a, b) => generationOf(a.name) - generationOf(b.name));
}

const generationOf = (name: string): number => Number(/-(\d+)$/.exec(name)?.[1] ?? 0);
