import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import { policies } from '../policies.js';

interface Doubt {
  orderNumber: string;
  trackingNumber: string;
  scan: string;
  at: string;
}

type Input =
  | { type: 'ScanExplained'; note: string }
  | { type: 'ParcelShipped' | 'ParcelRenumbered'; trackingNumber: string | null }
  | { type: 'ParcelScanned'; trackingNumber: string; scan: string; at: string };

const { ask, remind } = effects<Doubt>();

const flow = defineFlow<Doubt, Input>()({
  service: 'logistics',
  policies,
  startedBy: {
    ScanUnmatched: ({ orderNumber, trackingNumber, scan, at }: Doubt) => ({ orderNumber, trackingNumber, scan, at }),
  },
  listensTo: ['ParcelShipped', 'ParcelRenumbered', 'ParcelScanned'],
  withdraws: { ParcelShipped: 'shipped', ParcelRenumbered: 'shipped' },
  guards: {
    signedFor: ({ scan }) => scan === 'delivered',
    reported: ({ trackingNumber }, input) => narrowInput(input, 'ParcelShipped', 'ParcelRenumbered').trackingNumber === trackingNumber,
    signedForNow: ({ trackingNumber }, input) => {
      const seen = narrowInput(input, 'ParcelScanned');
      return seen.trackingNumber === trackingNumber && seen.scan === 'delivered';
    },
  },
  notes: {
    noteScan: (_, input) => {
      const { scan, at } = narrowInput(input, 'ParcelScanned');
      return { scan, at };
    },
  },
});

const matched = { guard: 'reported', target: 'matched' } as const;
const reported = { ParcelShipped: matched, ParcelRenumbered: matched } as const;

/**
 * LOG-01, LOG-10: a parcel was seen that the warehouse has not reported under this number. The report may be on its way; what was signed
 * for is asked about at once.
 */
export const explainScan = flow.chart({
  id: 'explain-scan',
  version: '1',
  initial: 'looking',
  states: {
    looking: { description: 'LOG-01', always: [{ guard: 'signedFor', target: 'asking' }, { target: 'awaitingReport' }] },
    awaitingReport: {
      description: 'LOG-01',
      on: { ...reported, ParcelScanned: { guard: 'signedForNow', target: 'asking', actions: 'noteScan' } },
      after: { reportLag: 'asking' },
    },
    asking: {
      description: 'LOG-10',
      entry: ask('service', 'explain-scan'),
      on: { ScanExplained: 'explained', ...reported },
      after: { serviceAnswer: { actions: remind('service') } },
    },
    matched: { type: 'final', description: 'LOG-01' },
    explained: { type: 'final', description: 'LOG-10' },
  },
});
