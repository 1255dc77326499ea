import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/**
 * Renders the part of kustomize that `k8s/` uses, so that what a cluster would get can be checked on a machine without kubectl.
 * A key that it does not know is an error, never ignored; where kubectl is installed a test compares the two.
 */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  [key: string]: unknown;
}

interface Kustomization {
  apiVersion: string;
  kind: 'Kustomization' | 'Component';
  namespace?: string;
  resources?: string[];
  components?: string[];
  patches?: { path: string; target?: { kind?: string; name?: string } }[];
  images?: { name: string; newName: string; newTag: string }[];
}

const KNOWN = ['apiVersion', 'kind', 'namespace', 'resources', 'components', 'patches', 'images'];
/** Kinds that belong to the cluster and get no namespace. */
const CLUSTER_WIDE = new Set(['Namespace', 'ClusterRole', 'ClusterRoleBinding', 'PriorityClass']);
/** In these lists an item is found by a key of its own; every other list is replaced as a whole. */
const MERGE_KEYS: Record<string, string> = {
  containers: 'name',
  initContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  ports: 'containerPort',
};

export function render(folder: string): KubernetesObject[] {
  return renderInto(folder, []);
}

/** A component changes what is there already; a kustomization stands alone. */
function renderInto(folder: string, around: KubernetesObject[]): KubernetesObject[] {
  const kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as Kustomization;
  const unknown = Object.keys(kustomization).filter((key) => !KNOWN.includes(key));
  if (unknown.length > 0)
    throw new Error(`${folder}/kustomization.yaml uses ${unknown.join(', ')}, which the renderer does not know`);

  let objects = [...around];
  for (const resource of kustomization.resources ?? []) objects.push(...load(join(folder, resource)));
  for (const component of kustomization.components ?? []) objects = renderInto(join(folder, component), objects);
  for (const { path, target } of kustomization.patches ?? []) {
    const patch = parse(readFileSync(join(folder, path), 'utf8')) as KubernetesObject;
    const hit = objects.filter((object) => isTarget(object, target ?? { kind: patch.kind, name: patch.metadata.name }));
    if (hit.length === 0) throw new Error(`${folder}/${path} is a patch for nothing that is there`);
    const { metadata, ...change } = patch;
    const { name: _, ...meta } = metadata;
    objects = objects.map((object) =>
      hit.includes(object) ? (merge(object, { ...change, metadata: meta }) as KubernetesObject) : object,
    );
  }
  for (const image of kustomization.images ?? []) objects = objects.map((object) => withImage(object, image));
  const { namespace } = kustomization;
  return namespace ? objects.map((object) => inNamespace(object, namespace)) : objects;
}

export function load(path: string): KubernetesObject[] {
  if (statSync(path).isDirectory()) return render(path);
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    if (document.errors[0]) throw new Error(`${path}: ${document.errors[0].message}`);
    return document.toJS() as KubernetesObject;
  });
}

const isTarget = ({ kind, metadata }: KubernetesObject, target: { kind?: string; name?: string }): boolean =>
  (!target.kind || target.kind === kind) && (!target.name || new RegExp(`^(?:${target.name})$`).test(metadata.name));

type Json = Record<string, unknown>;
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A strategic merge: maps are merged, null takes away, items of the lists above are matched by their key, the patch's new ones go first. */
export function merge(base: unknown, patch: unknown, field = ''): unknown {
  if (isMap(base) && isMap(patch)) {
    const merged: Json = { ...base };
    for (const [key, value] of Object.entries(patch)) {
      if (value === null) delete merged[key];
      else merged[key] = key in base ? merge(base[key], value, key) : value;
    }
    return merged;
  }
  const by = MERGE_KEYS[field];
  if (!by || !Array.isArray(base) || !Array.isArray(patch)) return patch;
  const items = base as Json[];
  const changes = patch as Json[];
  const added = changes.filter((change) => !items.some((item) => item[by] === change[by]));
  return [
    ...added,
    ...items.map((item) => {
      const change = changes.find((candidate) => candidate[by] === item[by]);
      return change ? merge(item, change) : item;
    }),
  ];
}

function withImage(
  object: KubernetesObject,
  image: { name: string; newName: string; newTag: string },
): KubernetesObject {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === 'image' && inner === image.name ? `${image.newName}:${image.newTag}` : walk(inner),
      ]),
    );
  };
  return walk(object) as KubernetesObject;
}

function inNamespace(object: KubernetesObject, namespace: string): KubernetesObject {
  if (CLUSTER_WIDE.has(object.kind)) return object;
  const subjects = object['subjects'] as Json[] | undefined;
  return {
    ...object,
    metadata: { ...object.metadata, namespace },
    ...(subjects && { subjects: subjects.map((subject) => ({ ...subject, namespace })) }),
  };
}
