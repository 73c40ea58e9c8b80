import { eventsOf } from '@orderloom/contracts';
import { deriveId } from '@orderloom/kernel';
import { sayAll, type ServiceDefinition } from '@orderloom/platform';
import { financeRefund } from './flows/finance-refund.js';
import { financeRefundV1 } from './flows/v1/finance-refund.js';
import { RefundsController } from './http/refunds.controller.js';
import { RequestRefundHandler, ShowRefundsHandler } from './http/refunds.handlers.js';
import { keeps } from './keeps.js';
import { fromOrders } from './messages/orders.js';
import { Refunds1764000000301 } from './migrations/refunds.js';
import { refunds } from './refunds.js';

const toRefunds = { decider: refunds, id: 'orderNumber' };

export const refund: ServiceDefinition = {
  name: 'refund',
  description: 'Refunds: applied for, approved by somebody else, paid exactly once.',
  deciders: [refunds],
  flows: [financeRefundV1, financeRefund],
  commands: {
    RequestRefund: { ...toRefunds, derive: (commandId) => ({ refundId: deriveId('refund', commandId) }) },
    ApproveRefund: toRefunds,
    RejectRefund: toRefunds,
    StartRefundExecution: toRefunds,
    RecordOutcomeUnknown: toRefunds,
    RecordRefundFailed: toRefunds,
    RecordRefundPaid: toRefunds,
  },
  hears: fromOrders,
  publishes: [sayAll(refunds, eventsOf('refund'))],
  keeps,
  migrations: [Refunds1764000000301],
  controllers: [RefundsController],
  providers: [RequestRefundHandler, ShowRefundsHandler],
};
