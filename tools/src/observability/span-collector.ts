import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP's JSON has it, with the service that made it. */
export interface CollectedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  status: number;
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}
interface Export {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: (Omit<CollectedSpan, 'service' | 'attributes' | 'status' | 'links'> & {
        attributes: Attribute[];
        links?: CollectedSpan['links'];
        status: { code?: number };
      })[];
    }[];
  }[];
}

/** Takes spans over OTLP/HTTP, as a collector or Tempo does, and keeps them. */
export class SpanCollector {
  readonly spans: CollectedSpan[] = [];
  /** Every export as it came, to be searched. */
  readonly bodies: string[] = [];
  #server: Server | undefined;

  async start(): Promise<string> {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.#take(Buffer.concat(chunks).toString('utf8'));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await new Promise<void>((resolve) => this.#server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#server) return resolve();
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** From a span up to the one that nobody here has made. */
  above(span: CollectedSpan): CollectedSpan[] {
    const chain = [span];
    for (;;) {
      const { parentSpanId, traceId } = chain.at(-1)!;
      const parent = this.spans.find((each) => each.spanId === parentSpanId && each.traceId === traceId);
      if (!parent) return chain;
      chain.push(parent);
    }
  }

  #take(body: string): void {
    this.bodies.push(body);
    for (const { resource, scopeSpans } of (JSON.parse(body) as Export).resourceSpans) {
      const service = String(recordOf(resource.attributes)['service.name']);
      for (const { spans } of scopeSpans)
        for (const { attributes, status, links = [], ...span } of spans)
          this.spans.push({ ...span, service, attributes: recordOf(attributes), links, status: status.code ?? 0 });
    }
  }
}

const recordOf = (attributes: Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
