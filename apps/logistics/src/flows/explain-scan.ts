import { defineFlow, end, type FactOf, notation, type On, starts } from '@orderloom/flows';
import { policies } from '../policies.js';

type Doubt = Pick<FactOf<'ScanUnmatched'>, 'orderNumber' | 'trackingNumber' | 'scan' | 'at'>;

const { asking, keep } = notation<Doubt>();

const matched = { guard: reported, target: 'matched' };
const report: On<Doubt> = { ParcelShipped: matched, ParcelRenumbered: matched };

/**
 * LOG-01, LOG-10: a parcel was seen that the warehouse has not reported under this number. The report may be on its way; what was signed
 * for is asked about at once.
 */
export const explainScan = defineFlow<Doubt>()({
  service: 'logistics',
  policies,
  startedBy: { ScanUnmatched: starts({}, 'orderNumber', 'trackingNumber', 'scan', 'at') },
  listensTo: ['ParcelShipped', 'ParcelRenumbered', 'ParcelScanned'],
  withdraws: { ParcelShipped: 'shipped', ParcelRenumbered: 'shipped' },
}).chart({
  id: 'explain-scan',
  version: '1',
  initial: 'looking',
  states: {
    looking: { description: 'LOG-01', always: [{ guard: signedFor, target: 'asking' }, { target: 'awaitingReport' }] },
    awaitingReport: {
      description: 'LOG-01',
      on: { ...report, ParcelScanned: { guard: signedForNow, target: 'asking', actions: keep('scan', 'at') } },
      after: { reportLag: 'asking' },
    },
    asking: asking('LOG-10', 'explain-scan', (c) => c, {
      on: { ScanExplained: 'explained', ...report },
      remindedAfter: 'serviceAnswer',
    }),
    matched: end('LOG-01'),
    explained: end('LOG-10'),
  },
});

function signedFor({ scan }: Doubt) {
  return scan === 'delivered';
}
function reported({ trackingNumber }: Doubt, input: { readonly trackingNumber: string | null }) {
  return input.trackingNumber === trackingNumber;
}
function signedForNow(c: Doubt, input: FactOf<'ParcelScanned'>) {
  return reported(c, input) && input.scan === 'delivered';
}
