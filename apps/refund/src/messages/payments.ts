import { answers, paymentNotice } from '@orderloom/contracts';
import { type FlowInstance, flowOfTask } from '@orderloom/flows';
import { routesToEach } from '@orderloom/platform';
import { payouts } from '../payouts.js';

const route = routesToEach(payouts);

/** REF-05: records the provider's reports also after the flow has ended; the flow consumes them itself. */
export const providerRoutes = [
  route(paymentNotice, async ({ taskId, answer }, store) => {
    const payer = flowOfTask(taskId);
    const word = answers[answer.type]?.safeParse(answer);
    if (!word?.success || (answer.type !== 'RefundSucceeded' && answer.type !== 'RefundFailed')) return [];
    const flow = await store.row<FlowInstance>('flows', payer);
    if (flow?.flow !== 'finance-refund') return [];
    const said = word.data as { readonly reason: string };
    const wasOver = flow.status === 'ended';
    return [{ id: payer, command: { type: 'HearProvider', orderNumber: flow.subject, payer, taskId, said, wasOver } }];
  }),
];
