import { defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import { policies } from '../../policies.js';
import { ids } from '../fragments.js';

interface FoundParcel extends Omit<FactOf<'ParcelFoundAfterRemedy'>, 'flow'> {
  readonly outcome: string;
}

const { asking, keep, tell } = notation<FoundParcel>();

/** LOG-06: a lost parcel comes after its goods were sent again or refunded. Service agrees with the customer on what becomes of them. */
export const foundParcel = defineFlow<FoundParcel>()({
  service: 'after-sales',
  policies,
  startedBy: {
    ParcelFoundAfterRemedy: starts({ outcome: '' }, 'orderNumber', 'caseId', 'trackingNumber', 'at', 'remedy', 'originalOrder'),
  },
}).chart({
  id: 'found-parcel',
  version: '1',
  initial: 'settling',
  states: {
    settling: asking('LOG-06', 'settle-found-parcel', about, {
      on: { FoundParcelSettled: { target: 'settled', actions: keep('outcome') } },
      remindedAfter: 'serviceAnswer',
    }),
    settled: end('LOG-06', tell('LOG-06', 'found-parcel-settled', agreed)),
  },
});

function about(c: FoundParcel) {
  const { trackingNumber, at, remedy, originalOrder } = c;
  return { ...ids(c), trackingNumber, at, ...(remedy && { remedy }), ...(originalOrder !== undefined && { originalOrder }) };
}
function agreed(c: FoundParcel) {
  return { ...ids(c), trackingNumber: c.trackingNumber, outcome: c.outcome };
}
