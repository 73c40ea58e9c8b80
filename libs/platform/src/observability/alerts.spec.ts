import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { measureCommands, measureRequests, registerMetrics } from './metrics.js';
import { serviceMeasures } from './service-metrics.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

const file = 'deploy/alerts/orderloom.yml';
const { groups } = parse(readFileSync(file, 'utf8')) as { groups: readonly { name: string; rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

/** Labels by metric, as a service registers them. */
function exposed(): ReadonlyMap<string, readonly string[]> {
  const registry = new Registry();
  registerMetrics(registry, serviceMeasures({ topics: [], group: '' } as never));
  measureCommands(registry)();
  measureRequests(Fastify(), registry);
  const metrics = registry.getMetricsAsArray() as unknown as readonly { name: string; labelNames: readonly string[] }[];
  return new Map(metrics.map(({ name, labelNames }) => [name, labelNames]));
}
const metricsOf = ({ expr }: Rule): readonly string[] => expr.match(/\b(orderloom|http)_[a-z_]+/g) ?? [];

describe('the alert rules', () => {
  const known = exposed();

  it.each(rules)('$alert uses metrics and labels that the services expose', (rule) => {
    const metrics = metricsOf(rule);
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((name) => !known.has(name))).toEqual([]);
    const texts = Object.values(rule.annotations).join(' ');
    const labels = [...texts.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
    const added = ['instance'];
    expect(labels.filter((label) => !added.includes(label) && !metrics.some((name) => known.get(name)?.includes(label)))).toEqual([]);
    expect(['warning', 'critical']).toContain(rule.labels.severity);
  });

  it('their names are unique', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  it('they warn 60 days before the end of a calendar (CS-02), of lag and of parked messages', () => {
    expect(rules.find(({ alert }) => alert === 'OrderloomCalendarEnds')?.expr).toMatch(/orderloom_calendar_days_left\) < 60$/);
    const read = rules.flatMap(metricsOf);
    expect(read).toEqual(expect.arrayContaining(['orderloom_relay_lag_seconds', 'orderloom_parked_messages', 'orderloom_parked_flows']));
  });
});
