import { eventsTopicOf } from '@orderloom/contracts';
import { deriveId } from '@orderloom/kernel';
import { publishAll, type ServiceDefinition } from '@orderloom/platform';
import { bouncedRefund } from './flows/bounced-refund.js';
import { financeRefund } from './flows/finance-refund.js';
import { latePayout } from './flows/late-payout.js';
import { financeRefundV1 } from './flows/v1/finance-refund.js';
import { RegisterController } from './http/register.controller.js';
import { RefundsController } from './http/refunds.controller.js';
import { RequestRefundHandler, ShowRefundsHandler, VerifyCauseHandler } from './http/refunds.handlers.js';
import { invariants } from './invariants.js';
import { captureRoutes } from './messages/orders.js';
import { providerRoutes } from './messages/payments.js';
import {
  Refunds1764000000301,
  RefundsRebuilt1764000000302,
  RefundsRebuilt1764000000303,
  RefundRegister1764000000304,
  RegisterBuilt1764000000305,
} from './migrations/refunds.js';
import { payouts } from './payouts.js';
import { refunds } from './refunds.js';

const toRefunds = { decider: refunds, id: 'orderNumber' };

export const refund: ServiceDefinition = {
  name: 'refund',
  description: 'Refunds: applied for, approved by somebody else, paid exactly once.',
  deciders: [refunds, payouts],
  flows: [financeRefundV1, financeRefund, bouncedRefund, latePayout],
  commands: {
    RequestRefund: { ...toRefunds, derive: (commandId) => ({ refundId: deriveId('refund', commandId) }) },
    RefileRefund: toRefunds,
    ApproveRefund: toRefunds,
    RejectRefund: toRefunds,
    StartRefundExecution: toRefunds,
    RecordOutcomeUnknown: toRefunds,
    RecordRefundFailed: toRefunds,
    RecordRefundPaid: toRefunds,
    RecordPayoutBack: toRefunds,
    RecordLatePayout: toRefunds,
    FileRefundAgain: toRefunds,
    RecordRefundSettled: toRefunds,
    KeepLatePayout: toRefunds,
    RecordPayoutReturned: toRefunds,
  },
  subscribes: [...captureRoutes, ...providerRoutes],
  publishes: [
    publishAll(refunds, eventsTopicOf('refund')),
    publishAll(payouts, eventsTopicOf('refund'), ['PayoutSucceeded', 'PayoutFailed']),
  ],
  invariants,
  migrations: [
    Refunds1764000000301,
    RefundsRebuilt1764000000302,
    RefundsRebuilt1764000000303,
    RefundRegister1764000000304,
    RegisterBuilt1764000000305,
  ],
  controllers: [RegisterController, RefundsController],
  providers: [RequestRefundHandler, VerifyCauseHandler, ShowRefundsHandler],
};
