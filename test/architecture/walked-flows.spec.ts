import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import type { ServiceDefinition } from '@orderloom/platform';
import { flowNames } from '../../libs/contracts/src/flows/flow-names.js';

const services = [...new Set(Object.values(flowNames))];

/** Names of the variables that are the first argument of `violatedInvariants` in a spec, directly or as rows of a `describe.each`. */
function checkedBy(text: string): readonly string[] {
  const names: string[] = [];
  const visit = (node: ts.Node, rows: ReadonlyMap<string, readonly string[]>): void => {
    let inside = rows;
    if (ts.isCallExpression(node)) {
      const [first] = node.arguments;
      if (node.expression.getText() === 'violatedInvariants' && first) names.push(...(rows.get(first.getText()) ?? [first.getText()]));
      const [, body] = node.arguments;
      const each = node.expression;
      if (body && ts.isArrowFunction(body) && ts.isCallExpression(each) && each.expression.getText() === 'describe.each') {
        const found = each.arguments.flatMap(identifiersIn);
        inside = new Map([...rows, ...body.parameters.map((p) => [p.name.getText(), found] as const)]);
      }
    }
    node.forEachChild((child) => visit(child, inside));
  };
  visit(sourceOf(text), new Map());
  return names;
}

/** Variables in `flows` of a service's module, in their order. */
function registeredIn(text: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'flows') found.push(...identifiersIn(node.initializer));
    else node.forEachChild(visit);
  };
  visit(sourceOf(text));
  return found;
}

function identifiersIn(node: ts.Node): readonly string[] {
  if (ts.isIdentifier(node)) return [node.text];
  const found: string[] = [];
  node.forEachChild((child) => void found.push(...identifiersIn(child)));
  return found;
}

const sourceOf = (text: string) => ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest, true);

/** Flows of `service` whose newest version is in no `violatedInvariants` of `specs`, by name. */
async function withoutWalks(service: string, specs: readonly string[]): Promise<readonly string[]> {
  const path = resolve(`apps/${service}/src/${service}.module.ts`);
  const flows = Object.values((await import(path)) as Record<string, ServiceDefinition>).find((found) => found.name === service)?.flows;
  const variables = registeredIn(readFileSync(path, 'utf8'));
  expect(flows).toHaveLength(variables.length);
  const newest = new Map((flows ?? []).map(({ id }, n) => [id, variables[n] ?? '']));
  const checked = new Set(specs.flatMap(checkedBy));
  return [...newest].flatMap(([id, variable]) => (checked.has(variable) ? [] : [id]));
}

const specsOf = (service: string) =>
  readdirSync(`apps/${service}/src/flows`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => readFileSync(`apps/${service}/src/flows/${file}`, 'utf8'));

describe('the flows that a service registers', () => {
  it.each(services)('%s: a spec checks the invariants of every flow on all its paths', async (service) => {
    expect(await withoutWalks(service, specsOf(service))).toEqual([]);
  });

  it('a flow that no spec checks is reported by its name', async () => {
    expect(await withoutWalks('logistics', ['it(() => violatedInvariants(shipOrder, walks, own))'])).toEqual([
      ...['hold-shipment', 'change-label', 'explain-scan', 'short-pick', 'track-parcel', 'watch-parcels'],
    ]);
  });

  it('a flow counts as checked in a row of describe.each, and only there if its callback checks the row', () => {
    expect(checkedBy('describe.each([[a, start], [b]])("", (flow) => { violatedInvariants(flow, walks); })')).toEqual(['a', 'start', 'b']);
    expect(checkedBy('describe.each([a])("", (flow) => { enumeratePaths(flow); })')).toEqual([]);
  });
});
