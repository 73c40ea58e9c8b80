import { MemoryStore } from '@orderloom/event-sourcing';
import { englishCalendar, type Policies } from '@orderloom/kernel';
import type { FlowInput } from '../definition/chart.js';
import type { FlowInstance } from '../step/instance.js';
import { box, errand, policies } from '../testing/errand.fixture.js';
import { flowPublication } from './publication.js';
import { FlowRuntime } from './runtime.js';

const friday = '2010-12-03T09:00:00.000000Z';
const inHours = (hours: number, version: string): Policies => ({
  ...{ version, calendar: englishCalendar },
  deadlines: { ...policies.deadlines, warehouseAnswer: { rule: 'LOG-09', hours, reminders: 2 } },
});

describe('the settings of a flow (CS-02)', () => {
  const store = new MemoryStore();
  store.setNow(friday);
  let inForce = inHours(5, 'settings-1');
  let language = 'zh-CN';
  const asked: string[] = [];
  const runtime = new FlowRuntime({
    ...{ store, service: 'order', flows: [errand], commands: { PutThing: { decider: box, id: 'orderNumber' } } },
    settings: async (subject, now) => (asked.push(`${subject} ${now}`), { policies: inForce, values: {}, language }),
  });
  const wanted = (orderNumber: string) => ({
    ...{ id: `wanted-${orderNumber}`, source: '/shop', type: 'GoodsWanted', typeVersion: 1, subject: orderNumber, time: '' },
    data: { orderNumber, promisedAt: '2010-12-06T09:00:00.000000Z', budget: 100 },
  });
  const dueOf = async (subject: string) => (await store.rows<FlowInstance>('flows', { subject }))[0]?.tasks[0]?.dueAt;

  it('each deadline is set by the settings in force at that time for its subject', async () => {
    await runtime.handleEvent(wanted('shop-cn:1'));
    inForce = inHours(2, 'settings-2');
    language = 'de';
    await runtime.handleEvent(wanted('shop-cn:2'));
    expect([await dueOf('shop-cn:1'), await dueOf('shop-cn:2')]).toEqual(['2010-12-03T14:00:00.000000Z', '2010-12-03T11:00:00.000000Z']);
    expect(asked).toEqual([`shop-cn:1 ${friday}`, `shop-cn:2 ${friday}`]);
  });

  it('deadlines and events are stamped with the version of the settings', async () => {
    store.advance(6 * 3600);
    const deadlines = await store.due(10);
    expect(deadlines.map(({ data }) => (data as { policyVersion: string }).policyVersion)).toEqual(['settings-2', 'settings-1']);
    expect(deadlines.map(({ data }) => (data as { base: string }).base)).toContain(friday);
    const [first] = await store.rows<FlowInstance>('flows', { subject: 'shop-cn:1' });
    const { events } = await store.load(`flow-${first?.flowId}`);
    expect(new Set(events.map(({ policyVersion }) => policyVersion))).toEqual(new Set(['settings-1']));
  });

  it('messages to the customer keep the language of the start (CS-01)', async () => {
    const lost = async (subject: string) => {
      const [before] = await store.rows<FlowInstance>('flows', { subject });
      await runtime.handleEvent({ ...wanted(subject), type: 'GoodsMissing', id: `missing-${subject}`, flow: `${before?.flowId}` });
      const { events } = await store.load(`flow-${before?.flowId}`);
      return events.flatMap((event) => flowPublication('order')(event)).find(({ type }) => type === 'CustomerTold')?.data;
    };
    await runtime.handleEvent(wanted('shop-cn:3'));
    language = 'fr';
    await runtime.handleEvent(wanted('shop-cn:4'));
    expect([await lost('shop-cn:3'), await lost('shop-cn:4')]).toMatchObject([{ locale: 'de' }, { locale: 'fr' }]);
  });

  it('a reminder follows the settings in force at the reminder', async () => {
    for (const deadline of await store.due(10)) await runtime.fireDeadline(deadline);
    expect(await dueOf('shop-cn:1')).toBe('2010-12-03T17:00:00.000000Z');
  });

  it('a start that returns null starts no flow', async () => {
    const sometimes = {
      ...errand,
      startedBy: { GoodsWanted: (fact: FlowInput) => (fact['orderNumber'] === '536366' ? null : fact) },
    };
    const own = new FlowRuntime({
      store,
      service: 'order',
      flows: [sometimes],
      commands: { PutThing: { decider: box, id: 'orderNumber' } },
    });
    await own.handleEvent(wanted('536366'));
    await own.handleEvent(wanted('536367'));
    const started = async (subject: string) => (await store.rows<FlowInstance>('flows', { subject })).length;
    expect([await started('536366'), await started('536367')]).toEqual([0, 1]);
  });
});
