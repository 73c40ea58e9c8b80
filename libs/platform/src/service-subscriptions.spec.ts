import { lifting, on } from '@orderloom/contracts';
import { z } from 'zod';
import type { ServiceDefinition } from './service-definition.js';
import { subscriptionsOf } from './service-subscriptions.js';

const says = on('orderloom.storefront.orders');
const common = { rule: 'ORD-01', says: 'A gift.' };
const v1 = says.message('GiftAdded', { ...common, data: z.object({ gift: z.string() }), example: { gift: 'card' } });
const v2 = says.message('GiftAdded', {
  ...common,
  version: 2,
  data: z.object({ gifts: z.array(z.string()) }),
  example: { gifts: ['card'] },
  before: lifting(v1, ({ gift }) => ({ gifts: [gift] })),
});
const definition = { name: 'presales', flows: [], hears: [{ contract: v2, decider: {} as never, command: () => null }] };
const [gifts] = subscriptionsOf(definition as unknown as ServiceDefinition, {} as never);

describe('a service that hears a message with versions', () => {
  it('has one subscription for all of them, and reads the old one as the new one says it', () => {
    expect(gifts).toMatchObject({ topic: 'orderloom.storefront.orders', type: 'GiftAdded', maxVersion: 2 });
    expect(gifts?.parse({ gift: 'card' }, 1)).toEqual({ gifts: ['card'] });
    expect(gifts?.parse({ gifts: ['card', 'bow'] }, 2)).toEqual({ gifts: ['card', 'bow'] });
  });

  it('names the field of the version that was sent', () => {
    expect(() => gifts?.parse({ gifts: ['card'] }, 1)).toThrow('gift');
  });
});
