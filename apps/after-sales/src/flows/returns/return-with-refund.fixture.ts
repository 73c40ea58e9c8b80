import { givenFlow } from '@orderloom/flows';
import { returnBegun, unitsClaimed } from '../../case.fixture.js';
import { returnWithRefund } from './return-with-refund.js';

export const begun = (cause: string | null = null) => givenFlow(returnWithRefund, { type: 'ReturnBegun', ...returnBegun, cause });
export const claimed = (cause: string | null = null) => begun(cause).when('UnitsClaimed', unitsClaimed);
export const parcel = { carrier: 'Royal Mail', trackingNumber: 'RB1GB' };
export const sent = (freight?: number, cause: string | null = null) =>
  claimed(cause).answered(
    'send-back',
    'ReturnSent',
    freight === undefined ? parcel : { ...parcel, freight: { amount: freight, proof: 'receipt' } },
  );
export const counted = (accepted: number, rejected: number) => [{ line: 1, accepted, rejected, stock: 'sellable' }];
export const inspected = (accepted: number, rejected: number, found: string, freight?: number, cause: string | null = null) =>
  sent(freight, cause).answered('inspect-return', 'ReturnInspected', { lines: counted(accepted, rejected), found, photos: ['1.jpg'] });
export const closes = (template: string, outcome: string) => [
  'send after-sales: CloseCase',
  `tell customer: ${template}`,
  `end: ${outcome}`,
];
const filed = { refundId: 'refund-1' };
export const paid = { ...filed, paid: 160, rejected: 0 };
/** The goods' refund is filed, then paid (REF-05). */
export const paidOut = (flow: ReturnType<typeof begun>, refundId = 'refund-1') =>
  flow.when('RefundRequested', { refundId }).when('RefundApplicationSettled', { ...paid, refundId });
export const released = ['send after-sales: ReleaseUnits', 'send after-sales: CloseCase'];
