import { parser } from '@prometheus-io/lezer-promql';

/** A query's metrics, each with the labels that are asked of it or by which it is grouped. */
export interface Asked {
  metrics: string[];
  labels: string[];
}

/** Reads PromQL with Prometheus' own grammar; throws where it is none. `$__rate_interval` is Grafana's. */
export function readPromql(text: string): Asked {
  const query = text.replaceAll('$__rate_interval', '5m');
  const metrics = new Set<string>();
  const labels = new Set<string>();
  parser.parse(query).iterate({
    enter: ({ name, type, from, to, node }) => {
      const said = query.slice(from, to);
      if (type.isError)
        throw new Error(`"${text}" is no PromQL near character ${from}: "${query.slice(from, from + 20)}".`);
      if (name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.add(said);
      if (name === 'LabelName') labels.add(said);
    },
  });
  return { metrics: [...metrics], labels: [...labels] };
}
