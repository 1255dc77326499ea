import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { ensurePlayground, PLAYGROUND_FOLDER } from './build-playground.ts';

export const PLAYGROUND_PATH = '/playground';
const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  ttf: 'font/ttf',
};
const FILE = /^[\w.-]+\.(html|js|css|ttf)$/;
/** Everything comes from the gateway itself: no CDN, nothing to phone home to. Monaco styles its lines inline. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "worker-src 'self'",
  "connect-src 'self' ws: wss:",
].join('; ');

/** Serves GraphiQL and its parts; returns what answers a browser that opens the graph's own address. */
export function playgroundRoutes(app: FastifyInstance, log: Logger): (reply: FastifyReply) => Promise<FastifyReply> {
  const built = ensurePlayground().then(
    () => true,
    (error: unknown) => {
      log.warn({ err: error }, 'the playground could not be built; the graph works without it');
      return false;
    },
  );
  const send = async (reply: FastifyReply, file: string): Promise<FastifyReply> => {
    if (!(await built))
      return reply.code(503).type('text/plain').send('The playground could not be built; the log says why.');
    const body = FILE.test(file) && (await readFile(join(PLAYGROUND_FOLDER, file)).catch(() => undefined));
    if (!body) return (reply.callNotFound(), reply);
    const type = TYPES[file.slice(file.lastIndexOf('.') + 1)]!;
    return reply.type(type).header('content-security-policy', POLICY).send(body);
  };
  const page = (reply: FastifyReply): Promise<FastifyReply> => send(reply, 'index.html');
  app.get('/', (_request, reply) => reply.redirect(PLAYGROUND_PATH));
  app.get(PLAYGROUND_PATH, (_request, reply) => page(reply));
  app.get<{ Params: { file: string } }>(`${PLAYGROUND_PATH}/:file`, ({ params }, reply) => send(reply, params.file));
  return page;
}
