import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DocumentNode, parse } from 'graphql';
import type { Logger } from 'pino';
import { createPolicy, MODES, type ClientPolicy, type Mode } from './client-policy.ts';
import { parseManifest, type Manifest } from './manifest.ts';

const NOTHING: Manifest = new Map();

interface PolicyFile {
  /** For clients that are not named below, or do not say who they are. */
  otherwise: { mode: Mode };
  clients: Record<string, { mode: Mode; requireId?: boolean; manifests: Record<string, string> }>;
}

interface Loaded {
  otherwise: ClientPolicy;
  /** By client name and version. */
  clients: ReadonlyMap<string, ReadonlyMap<string, ClientPolicy>>;
  /** For a version that has no manifest: in safelist mode it may ask for nothing. */
  unknownVersion: ReadonlyMap<string, ClientPolicy>;
  files: string[];
}

/** Which client may send which operations, from a file that names the clients and their manifests; read again when any of them changes. */
export class ClientPolicies {
  #loaded: Loaded;
  #stamp: string;
  readonly #timer: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    loaded: Loaded,
    stamp: string,
    private readonly log: Logger,
    pollMs: number,
  ) {
    this.#loaded = loaded;
    this.#stamp = stamp;
    this.#timer = setInterval(() => void this.#reload(), pollMs).unref();
  }

  static async open(path: string, pollMs: number, log: Logger): Promise<ClientPolicies> {
    const loaded = await load(path);
    return new ClientPolicies(path, loaded, await stampOf(loaded.files), log, pollMs);
  }

  of({ name, version }: { name?: string; version?: string }): ClientPolicy {
    const versions = name === undefined ? undefined : this.#loaded.clients.get(name);
    if (!versions) return this.#loaded.otherwise;
    return versions.get(version ?? '') ?? this.#loaded.unknownVersion.get(name!)!;
  }

  /** Every operation that some client has on its list, where it is GraphQL. */
  documents(): DocumentNode[] {
    const policies = [...this.#loaded.clients.values()].flatMap((versions) => [...versions.values()]);
    const texts = new Set(policies.flatMap(({ manifest }) => [...manifest.values()]));
    return [...texts].flatMap((text) => {
      try {
        return [parse(text)];
      } catch {
        return [];
      }
    });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #reload(): Promise<void> {
    try {
      const stamp = await stampOf(this.#loaded.files);
      if (stamp === this.#stamp) return;
      this.#stamp = stamp;
      this.#loaded = await load(this.path);
      this.#stamp = await stampOf(this.#loaded.files);
      this.log.info({ path: this.path }, 'the clients and their operations were read again');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.log.error({ path: this.path, reason }, 'the new list of clients is refused; the one in use stays');
    }
  }
}

async function load(path: string): Promise<Loaded> {
  const { otherwise, clients } = JSON.parse(await readFile(path, 'utf8')) as PolicyFile;
  checkMode(path, 'otherwise', otherwise?.mode);
  const files = [path];
  const known = new Map<string, Map<string, ClientPolicy>>();
  const unknownVersion = new Map<string, ClientPolicy>();
  for (const [name, { mode, requireId = false, manifests }] of Object.entries(clients ?? {})) {
    checkMode(path, name, mode);
    const versions = new Map<string, ClientPolicy>();
    for (const [version, file] of Object.entries(manifests)) {
      const manifestPath = join(dirname(path), file);
      files.push(manifestPath);
      versions.set(version, createPolicy(mode, requireId, await readManifest(manifestPath)));
    }
    known.set(name, versions);
    unknownVersion.set(name, createPolicy(mode, requireId, NOTHING));
  }
  return { otherwise: createPolicy(otherwise.mode, false, NOTHING), clients: known, unknownVersion, files };
}

async function readManifest(path: string): Promise<Manifest> {
  try {
    return parseManifest(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new Error(`The manifest ${path} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

function checkMode(path: string, name: string, mode: unknown): asserts mode is Mode {
  if (!MODES.includes(mode as Mode))
    throw new Error(
      `${path}: the mode of "${name}" is ${JSON.stringify(mode)}; it must be one of ${MODES.join(', ')}.`,
    );
}

async function stampOf(files: readonly string[]): Promise<string> {
  const stats = await Promise.all(files.map((file) => stat(file)));
  return stats.map(({ mtimeMs, size, ino }) => `${mtimeMs}:${size}:${ino}`).join(' ');
}
