import { logisticsMessages, messageOf, orderMessages } from '@orderloom/contracts';
import { deriveId, instant } from '@orderloom/kernel';
import { routesTo } from '@orderloom/platform';
import { aftersalesCase } from '../case.js';

const route = routesTo(aftersalesCase);

/** Parcels that do not reach the customer: lost ones (LOG-06), and those whose delivery is refused (ORD-30). */
export const undeliveredParcels = [
  route(messageOf(logisticsMessages, 'ParcelLost'), ({ orderNumber, trackingNumber, reason, signedFor }, { source, id, time }) => {
    const caseId = deriveId('case', source, id);
    const intake = {
      kind: 'not-received' as const,
      cause: null,
      lines: [],
      text: reason,
      channel: 'tracking',
      lostParcel: { trackingNumber, ...(signedFor && { signedFor }) },
    };
    return { id: caseId, command: { type: 'OpenCase', caseId, orderNumber, saidAt: instant(time), ...intake } };
  }),
  route(messageOf(orderMessages, 'AddressChangeRefused'), ({ orderNumber, reason }, { source, id }) => {
    if (reason !== 'delivery-refused') return null;
    const caseId = deriveId('case', source, id);
    const text = 'the customer refuses the delivery after an address change was impossible: the parcel comes back';
    return {
      id: caseId,
      command: { type: 'OpenCase', caseId, orderNumber, kind: 'other', cause: null, lines: [], text, channel: 'address' },
    };
  }),
];
