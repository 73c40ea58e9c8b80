import { problemReported, returnRequested } from '@orderloom/contracts';
import { deriveId, instant } from '@orderloom/kernel';
import { routesTo } from '@orderloom/platform';
import { aftersalesCase } from '../case.js';

const route = routesTo(aftersalesCase);
const channel = 'storefront';
/** Derives the case id, and the time of the request, from the message. */
const caseOf = ({ source, id, time }: { source: string; id: string; time: string }) => ({
  caseId: deriveId('case', source, id),
  saidAt: instant(time),
});

/** Routes customers' messages on `orderloom.storefront.orders` to cases. */
export const storefrontRoutes = [
  route(returnRequested, ({ orderNumber, lines, reason: text, cause = null, declaredCause }, message) => {
    const { caseId, saidAt } = caseOf(message);
    const claim = { kind: 'return' as const, cause, lines, text, declaredCause };
    return { id: caseId, command: { type: 'OpenCase', caseId, saidAt, orderNumber, ...claim, channel } };
  }),
  route(problemReported, ({ orderNumber, kind, lines, text, cause = null, declaredCause }, message) => {
    const { caseId, saidAt } = caseOf(message);
    const claim = { kind, cause, lines, text, declaredCause };
    return { id: caseId, command: { type: 'OpenCase', caseId, saidAt, orderNumber, ...claim, channel } };
  }),
];
