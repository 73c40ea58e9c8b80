import { problemReported, returnRequested } from '@orderloom/contracts';
import { deriveId } from '@orderloom/kernel';
import { hearFor } from '@orderloom/platform';
import { aftersalesCase } from '../case.js';

const hear = hearFor(aftersalesCase);
const channel = 'storefront';
const caseOf = ({ source, id }: { source: string; id: string }): string => deriveId('case', source, id);

/** What customers say on `orderloom.storefront.orders`, as cases. */
export const fromStorefront = [
  hear(returnRequested, ({ orderNumber, lines, reason, cause = null }, message) => {
    const caseId = caseOf(message);
    return { id: caseId, command: { type: 'OpenCase', caseId, orderNumber, kind: 'return', cause, lines, text: reason, channel } };
  }),
  hear(problemReported, ({ orderNumber, kind, lines, text, cause = null }, message) => {
    const caseId = caseOf(message);
    return { id: caseId, command: { type: 'OpenCase', caseId, orderNumber, kind, cause, lines, text, channel } };
  }),
];
