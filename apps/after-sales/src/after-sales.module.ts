import { eventsTopicOf } from '@orderloom/contracts';
import { publishAll, type ServiceDefinition } from '@orderloom/platform';
import { aftersalesCase } from './case.js';
import { foundParcel } from './flows/lost-parcel/found-parcel.js';
import { lostParcel } from './flows/lost-parcel/lost-parcel.js';
import { gatherEvidence } from './flows/gather-evidence.js';
import { missingItems } from './flows/missing-items.js';
import { missingItemsV1 } from './flows/v1/missing-items.js';
import { refundCaseSurplus } from './flows/refund-case-surplus.js';
import { returnWithRefund } from './flows/returns/return-with-refund.js';
import { returnWithRefundV1 } from './flows/v1/return-with-refund.js';
import { unpaidReturn } from './flows/returns/unpaid-return.js';
import { workCase } from './flows/work-case.js';
import { ChangeCaseHandler } from './http/cases.commands.js';
import { CasesController } from './http/cases.controller.js';
import { ListCasesHandler, ShowCaseHandler } from './http/cases.queries.js';
import { handOverNotice } from './messages/hand-over.js';
import { undeliveredParcels } from './messages/undelivered-parcels.js';
import { purchaseRoutes } from './messages/purchases.js';
import { storefrontRoutes } from './messages/storefront.js';
import { Cases1764000000401 } from './migrations/cases.js';
import { purchase } from './purchase/purchase.js';

const toCase = { decider: aftersalesCase, id: 'caseId' };
const toPurchase = { decider: purchase, id: 'orderNumber' };
/** Events learned from other services are not published again. */
const ownNotes = [
  'PurchaseLearned',
  'PurchaseCaptured',
  'PurchaseReduced',
  'PurchaseReplaced',
  'PurchaseCancelled',
  'PurchaseDispatched',
  'PurchaseDelivered',
  'PurchaseParcelNoted',
  'PurchaseParcelDelivered',
  'ClaimDeferred',
  'CaseRefundFiled',
  'CaseSettledByHand',
];

export const afterSales: ServiceDefinition = {
  name: 'after-sales',
  description: 'Cases after the sale: returns with refund, missing items, lost parcels, work of service, evidence, hand-over.',
  deciders: [aftersalesCase, purchase],
  flows: [
    gatherEvidence,
    returnWithRefundV1,
    returnWithRefund,
    missingItemsV1,
    missingItems,
    lostParcel,
    foundParcel,
    workCase,
    refundCaseSurplus,
    unpaidReturn,
  ],
  commands: {
    OpenCase: toCase,
    RecordEvidence: toCase,
    RecordNoEvidence: toCase,
    RecordFinding: toCase,
    RecordInspection: toCase,
    CloseCase: toCase,
    CloseWorkedCase: toCase,
    ClaimUnits: toPurchase,
    DecideRemedy: toPurchase,
    ReleaseUnits: toPurchase,
    SettleUnits: toPurchase,
    NoteRefundFiled: toPurchase,
    NoteRefundOutcome: toPurchase,
    NoteSettledByHand: toPurchase,
  },
  subscribes: [...storefrontRoutes, ...purchaseRoutes, ...undeliveredParcels],
  publishes: [
    publishAll(aftersalesCase, eventsTopicOf('after-sales')),
    publishAll(purchase, eventsTopicOf('after-sales'), ownNotes),
    handOverNotice,
  ],
  migrations: [Cases1764000000401],
  controllers: [CasesController],
  providers: [ChangeCaseHandler, ListCasesHandler, ShowCaseHandler],
};
