import type { KubernetesObject } from './kustomize.ts';

interface Model {
  prototype: { validate(this: object): void };
}

/**
 * Checks an object against the schema of its kind, offline. The schemas accept fields that they do not know, where a cluster would drop
 * or refuse them; a validator reads every field that it knows, so a field that was never read is a slip of the pen.
 */
export function problemsOf(object: KubernetesObject): string[] {
  const path = `kubernetes-models/${object.apiVersion}/${object.kind}`;
  const what = `${object.kind} ${object.metadata?.name}`;
  let model: Model | undefined;
  try {
    model = (require(path) as Record<string, Model>)[object.kind];
  } catch {
    return [`${what}: Kubernetes has no ${object.kind} in ${object.apiVersion}`];
  }
  const read = new Set<string>(['/apiVersion', '/kind', '/metadata']);
  try {
    // Called on the watched object itself: the constructor would read every field to copy it.
    model!.prototype.validate.call(watched(object, '', read));
  } catch (error) {
    return [`${what}: ${(error as Error).message}`];
  }
  return fieldsOf(object, '')
    .filter((field) => !read.has(field))
    .map((field) => `${what}: the field ${field} is not known`);
}

/** The same object, which notes each field that is read. */
function watched<T extends object>(value: T, path: string, read: Set<string>): T {
  return new Proxy(value, {
    get(target, key, receiver) {
      const inner: unknown = Reflect.get(target, key, receiver);
      if (typeof key === 'symbol') return inner;
      if (Object.hasOwn(target, key)) read.add(`${path}/${key}`);
      return typeof inner === 'object' && inner !== null ? watched(inner, `${path}/${key}`, read) : inner;
    },
  });
}

const fieldsOf = (value: unknown, path: string): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [`${path}/${key}`, ...fieldsOf(inner, `${path}/${key}`)])
    : [];
