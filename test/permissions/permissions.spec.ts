import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Action, may, permissions, type Role, roles, rolesThatMay, teams } from '@orderloom/contracts';
import { TokenKeys } from '@orderloom/dev-services';
import { type Consumer, MemoryStore } from '@orderloom/event-sourcing';
import { type FlowInstance, FlowRuntime } from '@orderloom/flows';
import { NotFound } from '@orderloom/kernel';
import { createHttp, createLog, type HttpOptions, Sealing, type ServiceDefinition, serviceModule } from '@orderloom/platform';
import { ConsoleModule } from '../../apps/console/src/console.module.js';

const keys = await TokenKeys.make();
const options: HttpOptions = {
  info: { title: 'a service', version: '0' },
  tokens: { keys: keys.jwks, issuer: 'orderloom', audience: 'orderloom' },
  log: createLog('permissions', 'silent'),
};
const tokens = new Map(await Promise.all(roles.map(async (role) => [role, `Bearer ${await keys.sign(role, 'somebody')}`] as const)));

/** Every service there is: an app whose module file exports its definition. */
const definitions = await Promise.all(
  readdirSync('apps')
    .filter((app) => readdirSync(`apps/${app}/src`).includes(`${app}.module.ts`) && app !== 'console')
    .map(async (app) => {
      const file = (await import(resolve(`apps/${app}/src/${app}.module.ts`))) as Record<string, ServiceDefinition>;
      return Object.values(file).find((exported) => Array.isArray(exported.controllers)) as ServiceDefinition;
    }),
);

/** A key ring that knows nobody. */
const sealing = new Sealing({
  ...{ keys: async () => new Map(), find: async () => [] },
  keyFor: async () => ({ id: 'of-nobody', seal: (text: string) => text }),
} as unknown as ConstructorParameters<typeof Sealing>[0]);

/** A flow that has asked every team something. */
const flowId = 'cancel-order-1';
const asking = {
  ...{ flowId, flow: 'cancel-order', version: '1', subject: '1', status: 'active', streamVersion: 1, kept: [], deadlines: [] },
  tasks: teams.map((team, i) => ({ taskId: `${flowId}.${i}`, team, question: 'q', askedAt: `2010-12-0${i + 1}T00:00:00Z` })),
} as unknown as FlowInstance;

async function open(definition: ServiceDefinition): Promise<NestFastifyApplication> {
  const store = new MemoryStore();
  await store.commit({ meta: { by: 'test' }, rows: [{ op: 'put', table: 'flows', key: flowId, row: asking }] });
  const { name, flows, commands } = definition;
  const consumer: Pick<Consumer, 'parked' | 'parkedRecord' | 'redrive' | 'dismiss'> = {
    parked: async () => [],
    parkedRecord: async () => Promise.reject(new NotFound('parked record')),
    redrive: async () => 0,
    dismiss: async () => undefined,
  };
  const runtime = new FlowRuntime({ store, service: name, flows, commands });
  return createHttp(serviceModule(definition, { store, runtime, consumer, retries: { list: () => [] }, sealing }), options);
}

/** A database without a row, which remembers the teams whose tasks were looked for. */
const sought: unknown[] = [];
const empty = { query: async (_: string, values?: unknown[]) => (sought.push(values?.[0]), []) } as unknown as Parameters<
  typeof ConsoleModule.over
>[0];

interface Route {
  readonly app: NestFastifyApplication;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly action: Action | undefined;
}

const services = new Map<string, NestFastifyApplication>();
const routes: Route[] = [];
for (const definition of definitions) services.set(definition.name, await open(definition));
services.set('console', await createHttp(ConsoleModule.over(empty, sealing), options));
for (const [name, app] of services) {
  const { paths } = (await app.inject({ url: '/openapi.json' })).json<{ paths: Record<string, Record<string, { 'x-action'?: Action }>> }>();
  for (const [path, methods] of Object.entries(paths))
    for (const [method, operation] of Object.entries(methods))
      routes.push({ app, method: method.toUpperCase() as Route['method'], path: `${name} ${path}`, action: operation['x-action'] });
}
afterAll(() => Promise.all([...services.values()].map((app) => app.close())));

const call = ({ app, method, path }: Omit<Route, 'action'>, authorization?: string, payload: object = {}) =>
  app.inject({
    method,
    url: (path.split(' ')[1] ?? '').replaceAll(/\{\w+\}/g, 'unknown-1.1'),
    headers: { 'idempotency-key': randomUUID(), ...(authorization !== undefined && { authorization }) },
    ...(method === 'POST' && { payload }),
  });

const closed = routes.filter(({ action }) => action !== undefined);
const named = ({ method, path, action }: Route) => `${method} ${path} (${action})`;

describe('the routes', () => {
  it('every route except health has an action', () => {
    const unguarded = routes.filter(({ action }) => action === undefined).map(({ path }) => path.split(' ')[1]);
    expect(new Set(unguarded)).toEqual(new Set(['/health/live', '/health/ready']));
    expect(services.size).toBeGreaterThanOrEqual(4);
  });

  it.each(closed.map((route) => [named(route), route] as const))('%s without a token is a 401', async (_, route) => {
    expect((await call(route)).statusCode).toBe(401);
  });

  const cells = closed.flatMap((route) => roles.map((role) => [named(route), role, route] as const));
  it.each(cells)('%s by %s responds as the table of permissions says', async (_, role, route) => {
    const { statusCode } = await call(route, tokens.get(role));
    const allowed = rolesThatMay(route.action as Action).includes(role);
    expect([statusCode === 403, statusCode >= 500 || statusCode === 401]).toEqual([!allowed, false]);
  });
});

describe('the rows of the permission table', () => {
  it('every row is used by a route', () => {
    const used = closed.map(({ action }) => String(action));
    const unused = Object.keys(permissions).filter((row) => !used.some((action) => row === action || row.startsWith(`${action}:`)));
    expect(unused).toEqual([]);
  });
});

const cells = teams.flatMap((team) => roles.map((role) => [team, role] as const));
const app = (name: string) => services.get(name) as NestFastifyApplication;

describe('the tasks of a team', () => {
  it.each(cells)('%s: they are shown to %s as the table says', async (team, role) => {
    const expected = may(role, `task:read:${team}`);
    for (const name of ['refund', 'console']) {
      const answer = await app(name).inject({ url: `/tasks?team=${team}`, headers: { authorization: tokens.get(role) } });
      expect(answer.statusCode).toBe(expected ? 200 : 403);
    }
  });

  it.each(cells)('%s: they are answered by %s as the table says', async (team, role) => {
    const route = { app: app('refund'), method: 'POST', path: `refund /tasks/${flowId}.${teams.indexOf(team)}/answer` } as const;
    const { statusCode } = await call(route, tokens.get(role), { type: 'ApprovalGiven' });
    expect(statusCode === 403).toBe(!may(role, `task:answer:${team}`));
  });

  it.each(cells)('%s: they are claimed, released, handed over and commented by %s as the table says', async (team, role) => {
    const work = { claim: {}, release: {}, 'hand-over': { to: 'chen' }, comments: { comment: 'call back' } };
    for (const [kind, payload] of Object.entries(work)) {
      const route = { app: app('refund'), method: 'POST', path: `refund /tasks/${flowId}.${teams.indexOf(team)}/${kind}` } as const;
      const { statusCode } = await call(route, tokens.get(role), payload);
      expect([kind, statusCode === 403]).toEqual([kind, !may(role, `task:answer:${team}`)]);
    }
  });

  it.each(roles)('without a team, %s sees only permitted ones', async (role) => {
    const headers = { authorization: tokens.get(role) };
    const theirs = teams.filter((team) => may(role, `task:read:${team}`));
    const answer = await app('refund').inject({ url: '/tasks', headers });
    if (theirs.length === 0) return expect(answer.statusCode).toBe(403);
    expect(answer.json<{ team: string }[]>().map((task) => task.team)).toEqual(theirs);
    await app('console').inject({ url: '/tasks', headers });
    expect(sought.at(-1)).toEqual(theirs);
  });
});

describe('forbidden permissions', () => {
  const never: [role: Role, action: Action, why: string][] = [
    ['courier', 'task:read:finance', 'a team sees its own tasks'],
    ['courier', 'flow:read', 'a flow shows the tasks of all teams'],
    ['courier', 'order:read', 'an order shows e-mail and payment'],
    ['service', 'task:answer:finance', 'REF-02: who files does not approve'],
    ['finance', 'task:answer:payments', 'what was paid is for the provider to say'],
    ['storefront', 'refund:file', 'REF-01: an application is filed by us'],
    ['storefront', 'order:find', 'a shop does not look into another one’s customers'],
    ['analyst', 'order:cancel', 'analysts read'],
    ['operator', 'order:read', 'who keeps the machine running needs no customer'],
    ['warehouse', 'parked:read:all', 'a parked message may be of anybody'],
  ];
  it.each(never)('%s may not %s: %s', (role, action) => {
    expect(may(role, action)).toBe(false);
  });

  it('analysts and storefronts change only what is theirs', () => {
    const writes = Object.keys(permissions).filter((action) => !/^[a-z-]+:(read|find|list)/.test(action)) as Action[];
    const by = (role: Role) => writes.filter((action) => may(role, action));
    expect(by('analyst')).toEqual([]);
    const written = ['order:place', 'order:cancel', 'order:change-address', 'order:track', 'order:change-product', 'case:open'];
    expect(by('storefront')).toEqual(written);
  });

  it('an unknown role has no permission', () => {
    expect(Object.keys(permissions).filter((action) => may('king', action as Action))).toEqual([]);
  });
});
