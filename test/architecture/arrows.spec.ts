import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { FixtureProject } from '../support/tools/fixture-project.js';

interface Report {
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] };
}

const config = resolve('.dependency-cruiser.cjs');
const libs = ['kernel', 'contracts', 'event-sourcing', 'flows', 'messaging', 'platform'];
const front = Object.fromEntries(libs.map((lib) => [`libs/${lib}/src/index.ts`, 'export const own = 1;']));

/** Rule, the file that breaks it, and what that file imports. */
const violations: readonly (readonly [rule: string, file: string, imports: string])[] = [
  ['no-cycles', 'apps/console/src/ring.ts', './ringed.js'],
  ['no-cycles', 'apps/refund/src/refund.ts', './views/refunds.view.js'],
  ['everything-resolves', 'apps/console/src/lost.ts', './nowhere.js'],
  ['apps-not-each-other', 'apps/order/src/http/neighbour.ts', '../../../refund/src/refund.js'],
  ['libs-not-apps', 'libs/platform/src/upwards.ts', '../../../apps/refund/src/refund.js'],
  ['code-not-tests', 'apps/order/src/http/helped.ts', '../../../../test/support/helper.js'],
  ['libs-by-their-index', 'apps/order/src/http/deep.ts', '../../../../libs/platform/src/inner.js'],
  ['kernel-imports-nothing-of-ours', 'libs/kernel/src/outward.ts', '@orderloom/flows'],
  ['contracts-only-kernel', 'libs/contracts/src/outward.ts', '@orderloom/flows'],
  ['domain-knows-no-framework', 'apps/order/src/nest.ts', '@nestjs/common'],
  ['domain-knows-no-framework', 'apps/order/src/database.ts', 'pg'],
  ['domain-knows-no-framework', 'apps/order/src/flows/nest.ts', '@nestjs/common'],
  ['domain-knows-no-platform', 'apps/order/src/files.ts', 'node:fs'],
  ['domain-knows-no-platform', 'apps/order/src/flows/files.ts', 'node:fs'],
  ['flow-files-only-flows', 'apps/order/src/flows/wide.ts', '@orderloom/event-sourcing'],
  ['xstate-only-in-flows', 'apps/order/src/http/machine.ts', 'xstate'],
  ['kafkajs-only-in-messaging', 'libs/platform/src/kafka.ts', 'kafkajs'],
  ['telemetry-sdk-only-in-platform', 'libs/flows/src/exporter.ts', '@opentelemetry/sdk-trace-node'],
  ['typeorm-only-in-stores', 'apps/order/src/http/query.ts', 'typeorm'],
  ['partners-are-strangers', 'apps/partners/src/friend.ts', '@orderloom/kernel'],
  ['partners-are-strangers', 'deploy/contracts/clients/friend.ts', '@orderloom/kernel'],
];

const allowed: readonly (readonly [file: string, imports: string])[] = [
  ['apps/order/src/main.ts', '@nestjs/core'],
  ['apps/order/src/order.module.ts', '@nestjs/common'],
  ['apps/order/src/order.ts', '@orderloom/event-sourcing'],
  ['apps/order/src/order.spec.ts', 'node:fs'],
  ['apps/order/src/flows/cancel.ts', '@orderloom/flows'],
  ['apps/order/src/flows/address.ts', '../order.js'],
  ['apps/order/src/migrations/0001.ts', 'typeorm'],
  ['libs/flows/src/migrations.ts', 'typeorm'],
  ['apps/partners/src/main.ts', 'kafkajs'],
  ['libs/contracts/src/money.ts', '@orderloom/kernel'],
  ['libs/event-sourcing/src/store/store.ts', 'typeorm'],
  ['libs/flows/src/machine.ts', 'xstate'],
  ['libs/messaging/src/log.ts', 'kafkajs'],
  ['libs/flows/src/spans.ts', '@opentelemetry/api'],
  ['libs/platform/src/exporter.ts', '@opentelemetry/sdk-trace-node'],
  ['libs/platform/src/use.ts', '@orderloom/messaging'],
  ['test/stories/client.ts', 'kafkajs'],
  ['deploy/contracts/clients/stranger.ts', 'kafkajs'],
];

const importing = (cases: readonly (readonly [file: string, imports: string])[]) =>
  Object.fromEntries(cases.map(([file, imports]) => [file, `import '${imports}';\n`]));

let found: Report['summary']['violations'];
const project = new FixtureProject({
  ...front,
  ...importing(allowed),
  ...importing(violations.map(([, file, imports]) => [file, imports])),
  'apps/console/src/ringed.ts': "import './ring.js';\n",
  'apps/refund/src/views/refunds.view.ts': "import type * as refund from '../refund.js';\nexport type Refund = typeof refund;\n",
  'libs/platform/src/inner.ts': 'export const own = 1;',
  'test/support/helper.ts': 'export const own = 1;',
});

beforeAll(async () => {
  const said = await project.run('depcruise', '--config', config, '--output-type', 'json', 'apps', 'libs', 'test', 'deploy');
  found = (JSON.parse(said) as Report).summary.violations;
}, 60_000);
afterAll(() => project.remove());

const reported = (file: string) => found.filter(({ from }) => from === file).map(({ rule }) => rule.name);

describe('a forbidden import between folders', () => {
  it.each(violations)('it is reported by rule %s only: %s imports %s', (rule, file) => {
    expect(reported(file)).toEqual([rule]);
  });

  it('every rule of the configuration is tested here', () => {
    const { forbidden } = createRequire(config)(config) as { readonly forbidden: readonly { readonly name: string }[] };
    expect(new Set(violations.map(([rule]) => rule))).toEqual(new Set(forbidden.map(({ name }) => name)));
  });
});

describe('a permitted import between folders', () => {
  it.each(allowed)('it is not reported: %s imports %s', (file) => {
    expect(reported(file)).toEqual([]);
  });
});
