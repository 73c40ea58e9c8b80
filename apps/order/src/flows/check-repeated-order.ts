import { effects, defineFlow } from '@orderloom/flows';
import { policies } from '../policies.js';

interface Repeated {
  orderNumber: string;
  /** Fields whose content is another one: `lines`, `address.street`. */
  differs: readonly string[];
}

type Input = { type: 'RepeatChecked'; note: string };

const { ask, remind } = effects<Repeated>();

const flow = defineFlow<Repeated, Input>()({
  service: 'order',
  policies,
  startedBy: { OrderRepeated: ({ orderNumber, differs = [] }: Partial<Repeated> & { orderNumber: string }) => ({ orderNumber, differs }) },
});

/** ORD-01: an order that came again with other content changes nothing by itself; service looks at what the storefront meant. */
export const checkRepeatedOrder = flow.chart({
  id: 'check-repeated-order',
  version: '1',
  initial: 'asked',
  states: {
    asked: {
      description: 'ORD-01',
      entry: ask('service', 'check-repeated-order', ({ orderNumber, differs }) => ({ orderNumber, differs })),
      on: { RepeatChecked: { target: 'checked' } },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    checked: { type: 'final', description: 'ORD-01' },
  },
});
