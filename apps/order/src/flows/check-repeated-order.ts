import { defineFlow, end, notation } from '@orderloom/flows';
import { policies } from '../policies.js';

interface Repeated {
  readonly orderNumber: string;
  /** Fields whose content differs: `lines`, `address.street`. */
  readonly differs: readonly string[];
}

const { asking } = notation<Repeated>();

/** ORD-01: an order that came again with other content changes nothing by itself; service looks at what the storefront meant. */
export const checkRepeatedOrder = defineFlow<Repeated>()({
  service: 'order',
  policies,
  startedBy: { OrderRepeated: ({ orderNumber, differs = [] }) => ({ orderNumber, differs }) },
}).chart({
  id: 'check-repeated-order',
  version: '1',
  initial: 'asked',
  states: {
    asked: asking('ORD-01', 'check-repeated-order', (c) => c, {
      on: { RepeatChecked: 'checked' },
      remindedAfter: 'serviceAnswer',
    }),
    checked: end('ORD-01'),
  },
});
