import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Kind, parse } from 'graphql';
import type { ListedOperation } from './compare.ts';

interface Clients {
  clients: Record<string, { manifests: Record<string, string> }>;
}
type Manifest = { operations: { body: string }[] } | Record<string, string>;

/** Every operation in the manifests of the clients that the gateway knows. */
export function listedOperations(clientsPath: string): ListedOperation[] {
  const { clients } = JSON.parse(readFileSync(clientsPath, 'utf8')) as Clients;
  return Object.entries(clients).flatMap(([client, { manifests }]) =>
    Object.entries(manifests).flatMap(([version, file]) =>
      textsOf(join(dirname(clientsPath), file)).map((text) => ({ client, version, name: nameOf(text), text })),
    ),
  );
}

function textsOf(path: string): string[] {
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  if ('operations' in manifest && Array.isArray(manifest.operations))
    return manifest.operations.map(({ body }) => body);
  return Object.values(manifest as Record<string, string>);
}

function nameOf(text: string): string {
  const operation = parse(text).definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return operation && 'name' in operation ? (operation.name?.value ?? 'anonymous') : 'anonymous';
}
