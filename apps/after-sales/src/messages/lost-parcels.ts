import { logisticsMessages, messageOf } from '@orderloom/contracts';
import { deriveId } from '@orderloom/kernel';
import { routesTo } from '@orderloom/platform';
import { aftersalesCase } from '../case.js';

const route = routesTo(aftersalesCase);

/** LOG-06: a lost parcel is a case, in which the customer chooses between a re-ship and a refund. */
export const lostParcels = [
  route(messageOf(logisticsMessages, 'ParcelLost'), ({ orderNumber, reason }, { source, id }) => {
    const caseId = deriveId('case', source, id);
    const intake = { kind: 'not-received' as const, cause: null, lines: [], text: reason, channel: 'tracking' };
    return { id: caseId, command: { type: 'OpenCase', caseId, orderNumber, ...intake } };
  }),
];
