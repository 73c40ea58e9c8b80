import { type FieldsKept, isMismatch, messages, sealable } from '@orderloom/contracts';
import type { Entry } from '../ingest/entry.js';
import { apply, type ExhaustiveHandlers } from '../ingest/message-handlers.js';
import { at, count, courierStatus, details, differs, dueNote, goods, inspected, money, questionText, state, why, words } from './format.js';

/** One sentence for a message; for a message that the current contract cannot read, its type in words. */
export function describeMessage(entry: Entry): string {
  if (entry.unreadable !== null) return `${words(entry.type)} that can't be read: ${entry.unreadable}`;
  const read = kept.get(`${entry.topic} ${entry.type}`)?.safeParse(entry.data);
  return (read?.success ? apply(sentences, entry, read.data) : undefined) ?? words(entry.type);
}

/** Schemas of the stored messages, with sealed personal fields, by topic and type. */
const kept = new Map(messages.map(({ topic, type, data }) => [`${topic} ${type}`, sealable(data)]));

/** The team or service that a topic is named after. */
const named = ({ topic }: Entry, part: number): string => topic.split('.')[part] ?? '';
const team = (entry: Entry): string => named(entry, 2);

const input = ({ type, policy }: { type: string; policy?: unknown }): string =>
  typeof policy === 'string' ? `the deadline ${words(policy)}` : words(type);

const fieldsKept = (d: FieldsKept): string =>
  `${words(d.of)} has fields that nobody here knows; they changed nothing and are kept: ${[...new Set(d.fields.map(({ field }) => field))].join(', ')}`;

const sentences: ExhaustiveHandlers<string> = {
  storefront: {
    OrderPlaced: (d) => `the storefront sent the order: ${count(d.lines.length, 'line')}, ${money(d.total, d.currency)}`,
    CancellationRequested: (d) => `the customer asked to cancel ${d.lines ? goods(d.lines) : 'the order'}${why(d.reason)}`,
    AddressChangeRequested: (d) => `the customer asked to send it to ${d.address.city}, ${d.address.country}`,
    TrackingRequested: (d) => `the customer asked where the parcel is${why(d.text ?? '')}`,
    ProductChangeRequested: (d) =>
      `the customer asked for ${d.sku} in place of ${d.quantity === undefined ? '' : `${d.quantity} units of `}line ${d.line}`,
    CustomerAnswered: (d) => `the customer answered: ${words(d.answer.type)}${details(d.answer)}`,
    ReturnRequested: (d) => `the customer sends back ${goods(d.lines)}${d.cause ? ` (${d.cause})` : ''}${why(d.reason)}`,
    ProblemReported: (d) => `the customer has a problem, ${words(d.kind)}${d.lines.length > 0 ? `, ${goods(d.lines)}` : ''}${why(d.text)}`,
    EntryRefused: (d) => `${count(d.lines.length, 'line')} of entry ${d.entry} refused, ${words(d.reason)}: ${d.detail}`,
  },
  order: {
    FieldsKept: fieldsKept,
    RequestReship: (d) => `asked the order service to send ${goods(d.lines)} again as ${d.reshipNumber}`,
    OrderPlaced: (d) =>
      d.reship
        ? `re-ship of order ${d.reship.originalOrder} accepted: ${goods(d.lines)}`
        : `order accepted over ${money(d.total, d.currency)}; dispatch promised by ${at(d.promisedDispatchBy)}`,
    TrackingRequested: () => 'asked where the parcel is',
    ReshipRequested: (d) => `${goods(d.lines)} go out again as order ${d.reshipNumber}`,
    OrderRepeated: (d) =>
      `the same number came again with other content${d.differs?.length ? ` (${d.differs.join(', ')})` : ''}; the first one stands`,
    OrderApproved: () => 'review passed',
    OrderHeld: (d) => `held by review: ${d.reason}`,
    ReleaseDeferred: () => 'release waits for the open change of the order',
    OrderReleased: (d) => `released to the warehouse: ${goods(d.lines)}`,
    OrderDispatched: (d) => `dispatched with ${d.carrier}, ${d.method}, ${d.trackingNumber ?? 'untracked'}`,
    CancellationRequested: (d) =>
      `cancellation of ${d.whole ? 'the order' : goods(d.lines)} opened (${money(d.paid, d.currency)} paid)${why(d.reason)}`,
    RequestCancellation: (d) => `asked the order service to cancel ${d.lines ? goods(d.lines) : 'the order'}: ${d.reason}`,
    CancellationQueued: (d) =>
      `cancellation of ${d.lines ? goods(d.lines) : 'the order'} noted: it waits for the end of another change${why(d.reason)}`,
    CancellationRequestRefused: (d) => `cancellation not possible, ${words(d.code)}: ${d.reason}`,
    OrderLinesCancelled: (d) => `${goods(d.lines)} cancelled; ${money(d.refund, d.currency)} to be refunded`,
    OrderCancelled: (d) =>
      d.decided
        ? `the order had been cancelled before; nothing more is refunded than ${money(d.decided.refund, d.currency)}`
        : `order cancelled; ${money(d.refund, d.currency)} to be refunded${d.agreedLoss > 0 ? `, ${money(d.agreedLoss, d.currency)} borne by the customer` : ''}`,
    CancellationRefused: (d) => `cancellation refused: ${d.reason}`,
    AddressChangeRequested: (d) =>
      `change of address to ${d.address.city}, ${d.address.country} opened${d.deliverable ? '' : '; not deliverable there'}`,
    AddressChanged: (d) => `now goes to ${d.address.city}, ${d.address.country}`,
    AddressChangeRefused: (d) => `change of address refused: ${d.reason}`,
    ProductChangeRequested: (d) => `change of ${goods([d.line])} to ${d.wanted.description ?? d.wanted.sku} opened`,
    DifferenceRequested: (d) => `the customer is to pay a difference of ${money(d.amount, d.currency)} (${d.reference})`,
    OrderLinesReplaced: (d) => `${goods(d.removed)} replaced by ${goods(d.added)}; ${differs(d.difference, d.currency)}`,
    ProductChangeRefused: (d) => `change of product refused: ${words(d.reason)}`,
    ChangeClosed: (d) => `the change is closed${why(d.changed.length ? words(d.changed.join(', ')) : 'the order stays as it was')}`,
    ProductChangeClosed: (d) => (d.changed ? 'the product is changed' : `the product stays${why(words(d.reason ?? ''))}`),
    RequestRefused: (d) => `${words(d.request)} refused, ${words(d.code)}: ${d.message}`,
    CaptureRecorded: (d) =>
      `${money(d.amount, d.currency)} captured by ${d.method} (${d.reference}), ${money(d.captured, d.currency)} by now`,
    CaptureAwaitsOrder: (d) => `${money(d.amount, d.currency)} captured by ${d.method} (${d.reference}) wait for their order`,
    CaptureRefused: (d) => `${money(d.amount, d.currency)} (${d.reference}) do not fit the order: ${d.reason}`,
    SurplusCaptured: (d) => `${money(d.amount, d.currency)} of that is for goods that were cancelled: it is owed back`,
    AfterSalesNeeded: (d) => `${goods(d.lines)} come back; needs after-sales: ${d.reason}`,
  },
  logistics: {
    FieldsKept: fieldsKept,
    PrepareShipment: (d) => `asked logistics to ship ${goods(d.lines)} to ${d.address.city}, ${d.address.country}`,
    HoldShipment: () => 'asked logistics whether it has shipped, and to hold it',
    ReleaseHold: () => 'asked logistics to let it go on',
    CancelShipment: () => 'asked logistics never to ship it',
    AmendShipment: (d) => `asked logistics not to ship ${goods(d.lines)}${d.added ? `, but ${goods(d.added)}` : ''}`,
    ChangeLabel: (d) => `asked logistics to send it to ${d.address.city}, ${d.address.country}`,
    ShipmentPrepared: (d) => `with the warehouse now: ${goods(d.lines)}`,
    HoldRequested: () => 'the warehouse is asked to stop it',
    ShipmentHeld: () => 'held: not shipped, and can not ship while held',
    HoldRefused: (d) => `too late to hold it: ${d.reason}`,
    HoldReleased: () => 'hold released: it goes on where it was',
    ShipmentCancelled: () => 'shipment cancelled: can no longer ship',
    ShipmentAmended: (d) =>
      `${goods(d.lines)} taken out of the shipment${d.added ? `, ${goods(d.added)} put in` : ''}; ${count(d.remaining.length, 'line')} left`,
    LabelChangeRequested: () => 'the warehouse is asked for another label',
    LabelChanged: (d) => `${d.redirected ? 'the courier brings it to' : 'the label now says'} ${d.address.city}, ${d.address.country}`,
    RecordRedirect: (d) => `the courier redirects it to ${d.address.city}, ${d.address.country}`,
    LabelChangeRefused: (d) => `the label stays: ${d.reason}`,
    PickedShort: (d) => `${goods(d.short)} were not on the shelves: held until that is settled`,
    PickingResumed: () => 'what was short is settled: the warehouse is asked again',
    ParcelPicked: (d) => `picked at ${at(d.at)}`,
    ParcelPacked: (d) => `packed at ${at(d.at)}`,
    ParcelShipped: (d) => `shipped at ${at(d.at)} with ${d.carrier}, ${d.trackingNumber ?? 'untracked'}`,
    ParcelRenumbered: (d) =>
      `parcel ${d.replaces ?? 'untracked'} is ${d.trackingNumber ?? 'untracked'}, with ${d.carrier}: its number was corrected`,
    ReportContradicted: (d) => `the warehouse reports ${words(d.report)}, but it is ${d.status}: the goods are to be put back`,
    ParcelScanned: (d) => `parcel ${d.trackingNumber} seen: ${words(d.scan)}${d.place ? ` in ${d.place}` : ''}`,
    ScanUnmatched: (d) => `no shipped parcel of this order has the number ${d.trackingNumber}: the scan counts for nothing yet`,
    CourierStatusReported: (d) => `unknown status of parcel ${d.trackingNumber}: ${courierStatus(d)}; it counts for nothing`,
    TrackingOpened: (d) => `the parcels are followed: ${words(d.finding)}`,
    TrackingRepeated: (d) => `asked again where the parcel is: ${words(d.finding)}`,
    ParcelsWatched: (d) => `the parcels are looked at on a schedule, next at ${at(d.lookAgainAt)}`,
    ParcelsChecked: (d) => (d.over ? 'no parcel is left to look at' : `the parcels were looked at; again at ${at(d.lookAgainAt)}`),
    ShipmentLookedUp: (d) => `looked where the parcel is: ${words(d.finding)}`,
    CancellationNoted: () => 'the order was cancelled before the warehouse knew it',
    TrackingClosed: () => 'the parcels are no longer followed',
    ParcelLost: (d) => `parcel ${d.trackingNumber ?? 'untracked'} is lost: ${d.reason}`,
    ParcelDelivered: (d) => `parcel ${d.trackingNumber} delivered at ${at(d.at)}`,
    ShipmentDelivered: (d) => `all parcels delivered, the last at ${at(d.at)}`,
  },
  refund: {
    FieldsKept: fieldsKept,
    RequestRefund: (d) => `asked finance to refund ${money(d.amount, d.currency)}, ${words(d.cause)}`,
    PaymentCaptured: (d) => `${money(d.captured, d.currency)} captured by ${d.method}: at most this can be refunded to it`,
    RefundRequested: (d) =>
      `refund of ${money(d.amount, d.currency)} filed by ${d.filedBy}${d.twoApprovals ? '; needs two approvals' : ''}`,
    RefundApplicationRefused: (d) => `refund refused: ${d.reason}`,
    RefundRefiled: (d) => `refund filed again by ${d.filedBy}`,
    RefundCauseVerified: (d) =>
      `cause of the refund verified by ${d.verifiedBy}: ${words(d.cause)}${d.declaredCause && isMismatch(d.cause, d.declaredCause) ? `; the customer declared ${words(d.declaredCause)}` : ''}`,
    RefundApproved: (d) => `refund approved by ${d.approvedBy.join(' and ')}`,
    RefundRejected: (d) => `refund rejected by finance: ${d.reason}`,
    RefundExecutionStarted: () => 'the payment provider is asked to pay the refund',
    RefundOutcomeUnknown: () => 'the payment provider did not answer in time: neither paid nor failed',
    RefundFailed: (d) => `the payment provider refused to pay: ${d.reason}`,
    RefundPaid: (d) => `${money(d.amount, d.currency)} refunded (${d.providerReference})`,
    RefundApplicationSettled: (d) =>
      d.rejected > 0
        ? `of a refund, ${money(d.paid, d.currency)} were paid and ${money(d.rejected, d.currency)} rejected`
        : 'all of the refund is paid',
    PayoutCameBack: (d) => `the payment provider says that a payment came back: ${d.reason}`,
    PayoutCameLate: (d) => `the payment provider says that a payment was made after all (${d.providerReference})`,
    RefundBounced: (d) => `${money(d.amount, d.currency)} refunded (${d.providerReference}) came back: ${d.reason}; finance decides`,
    BouncedRefundSettled: (d) => `${money(d.amount, d.currency)} that came back is settled by hand`,
    LatePayoutReported: (d) => `${money(d.amount, d.currency)} was paid (${d.providerReference}), and the refund was ${words(d.was)}`,
    LatePayoutReturned: (d) => `${money(d.amount, d.currency)} paid late (${d.providerReference}) is not with the customer: ${d.reference}`,
    LatePayoutKept: (d) => `the customer keeps ${money(d.amount, d.currency)} that was not owed (${d.providerReference})`,
    PayoutNoticeIgnored: (d) => `nothing changes by what the payment provider says: ${d.reason}`,
  },
  afterSales: {
    FieldsKept: fieldsKept,
    CaseOpened: (d) => `case opened, ${words(d.kind)}${d.lines.length > 0 ? `, ${goods(d.lines)}` : ''}${why(d.text)}`,
    ReturnBegun: (d) => `${goods(d.lines)} are to come back${d.cause ? ` (${d.cause})` : ''}`,
    MissingItemsBegun: (d) => `${goods(d.lines)} were missing`,
    LostParcelBegun: (d) => `parcel ${d.trackingNumber ?? 'untracked'} is lost: the customer is to choose`,
    ParcelContentsUnknown: () => 'nothing says what was in the lost parcel: the warehouse is asked',
    RemedyDecided: (d) => (d.remedy === 'reship' ? 'the goods are to be sent again' : 'the goods are to be refunded'),
    LostParcelFound: (d) => `lost parcel ${d.trackingNumber} was delivered after all`,
    ParcelFoundAfterRemedy: (d) => `lost parcel ${d.trackingNumber} was delivered, after it was settled: service decides`,
    CaseLeftToService: (d) => `a case of service: ${words(d.kind)}${d.lines.length > 0 ? `, ${goods(d.lines)}` : ''}`,
    EvidenceRecorded: (d) => `the customer showed ${count(d.items.length, 'photo')}`,
    EvidenceLacking: () => 'the customer showed nothing, though reminded',
    CaseFound: (d) => `the check found: ${words(d.found)}; ${d.note}`,
    GoodsInspected: (d) => `the return was inspected (${words(d.found)}): ${d.lines.map(inspected).join('; ')}`,
    CaseHandedOver: (d) =>
      `${d.from} handed the case over ${d.to === null ? 'to nobody yet: it is queued' : `to ${d.to}`}; open: ${d.open}`,
    CasePickedUp: (d) => `${d.by} goes on with the case`,
    CaseClosed: (d) => `case closed: ${d.outcome}, ${words(d.cause)}`,
    UnitsClaimed: (d) => `${goods(d.lines)} are the matter of this case${d.withinWindow ? '' : ', after the window for returns'}`,
    ClaimReferred: (d) => `${goods(d.lines)} came with re-ship ${d.sent.reshipNumber}: the case goes on at order ${d.originalOrder}`,
    ClaimRefused: (d) => `the claim is refused: ${d.reason}`,
    GoodsNotDispatched: (d) => `${goods(d.lines)} have not left yet: they are to be stopped and refunded, not sent and returned`,
    UnitsRestored: (d) =>
      d.lines.length > 0
        ? `${goods(d.lines)} is the customer's again: the refund was rejected`
        : 'a part of the refund was rejected, and is not settled',
    ReturnUnpaid: (d) =>
      `${goods(d.lines)} came back, and ${money(d.amount, d.currency)} for it was rejected after it had counted as paid: service decides`,
    UnitsReleased: () => 'the case claims no goods any more',
    CaseSurplusCaptured: (d) => `${money(d.amount, d.currency)} of that is for goods that had come back, or were missing: it is owed back`,
    UnitsSettled: (d) => `${d.lines.length > 0 ? goods(d.lines) : 'nothing'} counted; ${money(d.refund, d.currency)} to be refunded`,
    ReshipDispatched: (d) => `re-ship ${d.reshipNumber} is on its way, ${d.trackingNumber ?? 'untracked'}`,
    ReshipReduced: (d) => `${goods(d.lines)} of re-ship ${d.reshipNumber} are not to be had`,
    ReshipCancelled: (d) => `re-ship ${d.reshipNumber} will never ship`,
    ReshipLost: (d) => `re-ship ${d.reshipNumber} is lost`,
    ReshipDelivered: (d) => `re-ship ${d.reshipNumber} was delivered`,
  },
  partners: {
    ParcelPicked: (d) =>
      `the warehouse reports: picked${d.lines ? ` ${d.lines.map((l) => `${l.quantity} of line ${l.line}`).join(', ')}` : ''}`,
    ParcelPacked: () => 'the warehouse reports: packed',
    ParcelShipped: (d) =>
      `the warehouse reports: shipped with ${d.carrier}, ${d.trackingNumber ?? 'untracked'}` +
      (d.replaces === undefined ? '' : `, not ${d.replaces ?? 'untracked'}`),
    ParcelScanned: (d) => `the courier scanned ${d.trackingNumber}: ${words(d.scan)}${d.place ? ` in ${d.place}` : ''}`,
    CourierStatusReported: (d) => `the courier reports an unknown status of ${d.trackingNumber}: ${courierStatus(d)}`,
    PaymentCaptured: (d) => `the payment provider captured ${money(d.amount, d.currency)} by ${d.method} (${d.reference})`,
    TaskAnswered: (d) => `the payment provider answered: ${words(d.answer.type)}${details(d.answer)}`,
  },
  tasks: {
    TaskAsked: (d, entry) => `asked ${team(entry)}: ${questionText(d.question)}${dueNote(d.dueAt)}`,
    TaskReminded: (d, entry) => `reminded ${team(entry)} (${d.reminder}): ${questionText(d.question)}${dueNote(d.dueAt)}`,
    TaskDueChanged: (d, entry) => `the task of ${team(entry)} has another due time: ${questionText(d.question)}${dueNote(d.dueAt)}`,
    TaskEscalated: (d, entry) => `no answer from ${team(entry)}, now watched by a supervisor: ${questionText(d.question)}`,
    TaskWithdrawn: (d, entry) =>
      `no answer of ${team(entry)} is needed any more${d.reason ? ` (${words(d.reason)})` : ''}: ${questionText(d.question)}`,
    TeamInformed: (d, entry) => `told ${team(entry)}: ${words(d.notice)}`,
  },
  answers: {
    TaskAnswered: (d, entry) => `${team(entry)} (${d.by}) answered: ${words(d.answer.type)}${details(d.answer)}`,
  },
  flows: {
    FlowStarted: (d) => `${d.flow} began with ${input(d.input)}: ${state(d.to)}`,
    FlowMoved: (d) => `${d.flow} moved by ${input(d.input)}: ${state(d.from)} -> ${state(d.to)}`,
    TaskAsked: (d) => `${d.flow} waits for ${d.team}: ${words(d.question)}${dueNote(d.dueAt)}`,
    TaskReminded: (d) => `${d.flow} reminds ${d.team} (${d.reminder}): ${words(d.question)}`,
    DeadlinesRecounted: (d) =>
      `${d.flow} counts deadlines anew by ${d.settings}: ${d.deadlines.map((one) => `${words(one.policy)}${dueNote(one.dueAt)}`).join('; ')}`,
    TaskDueChanged: (d) => `${d.flow} sets another due time for ${d.team}: ${words(d.question)}${dueNote(d.dueAt)}`,
    TaskEscalated: (d) => `${d.flow} gives ${d.team}'s task to the supervisor: ${words(d.question)}`,
    TaskClaimed: (d) => `${d.by} works on ${d.team}'s task until ${at(d.until)}: ${words(d.question)}`,
    TaskReleased: (d) => `${d.by} gives ${d.team}'s task back: ${words(d.question)}`,
    TaskHandedOver: (d) => `${d.by} hands ${d.team}'s task over to ${d.to}: ${words(d.question)}`,
    TaskCommented: (d) => `${d.by} notes on ${d.team}'s task ${words(d.question)}: ${d.comment}`,
    TaskClosed: (d) => `${d.flow} closes ${d.team}'s task, ${d.how}${d.reason ? ` (${words(d.reason)})` : ''}: ${words(d.question)}`,
    InputKept: (d) => `${d.flow} keeps ${input(d.input)} for later`,
    InputStrayed: (d) => `${d.flow} makes nothing of ${input(d.input)}: ${d.why}`,
    FlowEnded: (d) => `${d.flow} ended: ${words(d.outcome)}`,
    FlowParked: (d) => `${d.flow} is parked, ${input(d.input)} failed: ${d.error}`,
    FlowRedriven: (d) => `${d.flow} was repaired and goes on with ${input(d.input)}`,
    FlowDismissed: (d) => `${d.flow} was given up: ${d.reason}`,
  },
  rejections: {
    RecordRejected: (d, entry) => `${d.by} refused ${words(d.type ?? 'record')} of ${team(entry)}: ${d.reason}`,
    RejectionsSuppressed: (d, entry) => `${d.by} refused ${d.count} more records of ${team(entry)} on ${d.topic}`,
  },
  customer: {
    CustomerTold: (d) => `told the customer: ${words(d.template)}${details(d.fields)}`,
  },
};
