import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { load, render, type KubernetesObject } from './kustomize.ts';
import { problemsOf } from './validate.ts';

const k8s = join(__dirname, '..', '..', '..', 'k8s');
const OVERLAYS = ['local', 'production'];
const SERVICES = ['campaign', 'feedback', 'gateway', 'identity', 'inventory', 'loyalty'];

const hasKubectl = (() => {
  try {
    execFileSync('kubectl', ['kustomize', '--help'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

interface PodSpec {
  automountServiceAccountToken?: boolean;
  serviceAccountName?: string;
  securityContext: { runAsNonRoot?: boolean; seccompProfile?: { type: string } };
  containers: {
    name: string;
    image: string;
    env?: { valueFrom?: { secretKeyRef: { name: string } } }[];
    securityContext: { readOnlyRootFilesystem?: boolean; allowPrivilegeEscalation?: boolean; capabilities: unknown };
    ports?: { name: string; containerPort: number }[];
    readinessProbe?: object;
    livenessProbe?: object;
    startupProbe?: object;
    resources: { limits: { memory?: string }; requests: object };
  }[];
}
const podOf = (object: KubernetesObject): PodSpec | undefined =>
  (object['spec'] as { template?: { spec: PodSpec } } | undefined)?.template?.spec;

describe.each(OVERLAYS)('the overlay %s', (overlay) => {
  const objects = render(join(k8s, 'overlays', overlay));
  const named = (kind: string) =>
    objects
      .filter((object) => object.kind === kind)
      .map((object) => object.metadata.name)
      .toSorted();
  const pods = objects.flatMap((object) =>
    podOf(object) ? [[`${object.kind} ${object.metadata.name}`, podOf(object)!] as const] : [],
  );

  it('holds only objects that keep the schema of Kubernetes', () => {
    expect(objects.flatMap(problemsOf)).toEqual([]);
  });

  it('runs every service, with its own address and a budget for disruptions', () => {
    expect(named('Deployment')).toEqual(SERVICES);
    expect(named('Service')).toEqual(expect.arrayContaining(SERVICES));
    expect(named('PodDisruptionBudget')).toEqual(SERVICES);
  });

  it('migrates each of the five databases in a Job of its own', () => {
    const migrations = SERVICES.filter((name) => name !== 'gateway').map((name) => `migrate-${name}`);
    expect(named('Job')).toEqual(expect.arrayContaining(migrations));
  });

  it.each(pods)('%s runs as nobody, on a root that it cannot write, within a memory limit', (_, pod) => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    for (const container of pod.containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources.limits.memory).toBeDefined();
    }
  });

  it('gives a token for the API server to the Job that makes the Secrets only', () => {
    const withToken = pods.filter(([, pod]) => pod.automountServiceAccountToken !== false).map(([what]) => what);
    expect(withToken).toEqual(overlay === 'local' ? ['Job make-secrets'] : []);
  });

  it('asks every service whether it started, lives and is ready', () => {
    for (const object of objects.filter(({ kind }) => kind === 'Deployment'))
      expect(podOf(object)!.containers[0]).toMatchObject({
        startupProbe: expect.anything(),
        livenessProbe: expect.anything(),
        readinessProbe: expect.anything(),
      });
  });

  it('selects pods that are there: no Service, budget or autoscaler is left without', () => {
    const labels = objects.flatMap((object) => {
      const template = (object['spec'] as { template?: { metadata?: { labels?: Record<string, string> } } })?.template;
      return template?.metadata?.labels ? [template.metadata.labels] : [];
    });
    const selectors = objects.flatMap((object) => {
      const spec = object['spec'] as { selector?: Record<string, unknown> } | undefined;
      if (object.kind === 'Service') return [spec!.selector as Record<string, string>];
      if (object.kind !== 'PodDisruptionBudget') return [];
      return [spec!.selector!['matchLabels'] as Record<string, string>];
    });
    for (const selector of selectors)
      expect(labels.some((label) => Object.entries(selector).every(([key, value]) => label[key] === value))).toBe(true);
    for (const object of objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler'))
      expect(named('Deployment')).toContain(
        (object['spec'] as { scaleTargetRef: { name: string } }).scaleTargetRef.name,
      );
  });

  (hasKubectl ? it : it.skip)('is what kubectl makes of it (skipped where kubectl is not installed)', () => {
    const text = execFileSync('kubectl', ['kustomize', join(k8s, 'overlays', overlay)], { encoding: 'utf8' });
    const theirs = parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);
    const byName = (list: KubernetesObject[]) =>
      Object.fromEntries(list.map((object) => [`${object.kind}/${object.metadata.name}`, withSortedEnv(object)]));
    expect(byName(objects)).toEqual(byName(theirs));
  });
});

describe('the overlay production', () => {
  const objects = render(join(k8s, 'overlays', 'production'));

  it('leaves the number of replicas to the autoscalers', () => {
    for (const object of objects.filter(({ kind }) => kind === 'Deployment'))
      expect(object['spec']).not.toHaveProperty('replicas');
  });

  it('lets nobody reach a subgraph but the gateway', () => {
    const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');
    const deny = policies.find(({ metadata }) => metadata.name === 'deny-all');
    expect(deny!['spec']).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const intoSubgraphs = policies.filter(({ metadata }) => metadata.name === 'subgraphs');
    expect((intoSubgraphs[0]!['spec'] as { ingress: object[] }).ingress).toEqual([
      { from: [{ podSelector: { matchLabels: { 'trenza/tier': 'gateway' } } }], ports: [{ port: 4000 }] },
    ]);
  });

  it('lets Prometheus read every service where that measures, and no client the gateway there', () => {
    for (const object of objects.filter(({ kind }) => kind === 'Deployment')) {
      const { annotations } = (object['spec'] as { template: { metadata: { annotations: Record<string, string> } } })
        .template.metadata;
      const name = object.metadata.name === 'gateway' ? 'metrics' : 'http';
      const [port] = podOf(object)!.containers[0]!.ports!.filter((each) => each.name === name);
      expect(annotations).toMatchObject({
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': `${port!.containerPort}`,
      });
    }
    const gateway = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'gateway');
    expect((gateway!['spec'] as { ports: object[] }).ports).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
    const open = objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'gateway');
    expect((open!['spec'] as { ingress: object[] }).ingress).toEqual([{ ports: [{ port: 4000 }] }]);
  });

  it('holds no key, password or Secret: they come from a secret store', () => {
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });
});

describe('every file below base and components', () => {
  const folders = ['base', ...readdirSync(join(k8s, 'components')).map((name) => join('components', name))];
  const files = folders.flatMap((folder) =>
    readdirSync(join(k8s, folder))
      .filter((name) => name.endsWith('.yaml') && !name.endsWith('.patch.yaml') && name !== 'kustomization.yaml')
      .map((name) => join(folder, name)),
  );

  it.each(files)('%s is made of kinds that Kubernetes knows, with names', (file) => {
    for (const object of load(join(k8s, file)))
      expect(object).toMatchObject({ metadata: { name: expect.any(String) } });
  });
});

describe('the check itself', () => {
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { ports: [{ port: 80 }] } };

  it('accepts what is right', () => expect(problemsOf(service)).toEqual([]));
  it('refuses a value of the wrong type', () =>
    expect(problemsOf({ ...service, spec: { ports: [{ port: 'http' }] } })).toHaveLength(1));
  it('refuses a field that Kubernetes does not know', () =>
    expect(problemsOf({ ...service, spec: { ports: [{ port: 80, prot: 'TCP' }] } })).toEqual([
      'Service x: the field /spec/ports/0/prot is not known',
    ]));
  it('refuses a kind that Kubernetes does not know', () =>
    expect(problemsOf({ ...service, kind: 'Servcie' })).toEqual(['Servcie x: Kubernetes has no Servcie in v1']));
});

/** The order of environment variables means nothing. */
function withSortedEnv(object: KubernetesObject): KubernetesObject {
  const pod = podOf(object);
  for (const container of pod?.containers ?? [])
    (container.env as { name?: string }[] | undefined)?.sort((a, b) => (a.name! < b.name! ? -1 : 1));
  return object;
}
