import { answers, customerAnswered, upcastFrom, messagesOn } from '@orderloom/contracts';
import { z } from 'zod';
import type { ServiceDefinition } from './service-definition.js';
import { subscriptionsOf } from './service-subscriptions.js';

const topic = messagesOn('orderloom.storefront.orders');
const common = { rule: 'ORD-01', description: 'A gift.' };
const v1 = topic.message('GiftAdded', { ...common, data: z.object({ gift: z.string() }), example: { gift: 'card' } });
const v2 = topic.message('GiftAdded', {
  ...common,
  version: 2,
  data: z.object({ gifts: z.array(z.string()) }),
  example: { gifts: ['card'] },
  before: upcastFrom(v1, ({ gift }) => ({ gifts: [gift] })),
});
const definition = { name: 'presales', flows: [], subscribes: [{ contract: v2, decider: {} as never, command: () => null }] };
const [gifts] = subscriptionsOf(definition as unknown as ServiceDefinition, {} as never);

describe('a subscription to a message with several versions', () => {
  it('one subscription reads all versions as the newest one', () => {
    expect(gifts).toMatchObject({ topic: 'orderloom.storefront.orders', type: 'GiftAdded', maxVersion: 2 });
    expect(gifts?.parse({ gift: 'card' }, 1)).toEqual({ said: { gifts: ['card'] }, dropped: [] });
    expect(gifts?.parse({ gifts: ['card', 'bow'] }, 2)).toEqual({ said: { gifts: ['card', 'bow'] }, dropped: [] });
  });

  it('an error names the field of the version that was sent', () => {
    expect(() => gifts?.parse({ gifts: ['card'] }, 1)).toThrow('gift');
  });
});

describe('clear text of the storefront', () => {
  const askingCustomer = {
    startedBy: {},
    listensTo: [],
    machine: {
      events: [],
      root: { states: {}, transitions: new Map(), entry: [{ type: 'ask', question: 'gather-evidence', team: 'customer' }] },
    },
  };
  const sealedAt: unknown[] = [];
  const sealing = {
    seal: async (schema: z.ZodType, data: unknown, subject: string, writtenAt?: number) => {
      sealedAt.push([schema, subject, writtenAt]);
      return data;
    },
  };
  const runtime = { asks: () => true, handleTaskAnswer: async () => undefined };
  const store = { rows: async () => [], row: async () => ({ subject: 'o-1', tasks: [] }) };
  const heard = subscriptionsOf(
    { ...definition, flows: [askingCustomer] } as unknown as ServiceDefinition,
    { sealing, runtime, store } as never,
  );
  const said = { id: 'm-1', source: '/shop', subject: 'o-1', typeVersion: 2, time: '2010-12-01T09:00:00.000000Z' };

  it.each([
    [v2.type, v2.data, { said: { gifts: ['card'] }, dropped: [] }],
    [
      customerAnswered.type,
      answers['EvidenceGiven'],
      { taskId: 't-1', by: 'customer', answer: { type: 'EvidenceGiven', items: ['a photo'] } },
    ],
  ])('it is sealed as of the time of the log record, or of none if that is unknown: %s', async (type, schema, data) => {
    sealedAt.length = 0;
    const subscription = heard.find((one) => one.type === type);
    await subscription?.handle({ ...said, type, data, writtenAt: 1_291_191_960_000 });
    await subscription?.handle({ ...said, type, data });
    expect(sealedAt).toEqual([
      [schema, 'o-1', 1_291_191_960_000],
      [schema, 'o-1', 0],
    ]);
  });
});
