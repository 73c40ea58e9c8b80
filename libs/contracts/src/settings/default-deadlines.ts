import type { DeadlinePolicy } from '@orderloom/kernel';

/**
 * Deadlines of every service by name, each with its rule and its default. The names are those that flows use; settings may change
 * durations and reminders, never a name, a rule or a base.
 */
export const defaultDeadlines = {
  order: {
    /** Counted from the promise that was made to this order (ORD-05). */
    dispatchAlert: { rule: 'ORD-05', from: 'promisedDispatchBy', hours: -4 },
    dispatchPromise: { rule: 'ORD-05', from: 'promisedDispatchBy' },
    expectedArrival: { rule: 'ORD-04', from: 'expectedAt', workingDays: 1, reminders: 2 },
    purchasingAnswer: { rule: 'ORD-12', workingDays: 1, reminders: 2 },
    reviewerAnswer: { rule: 'ORD-07', minutes: 30, reminders: 2 },
    serviceAnswer: { rule: 'ORD-12', workingDays: 1, reminders: 2 },
    supervisorAnswer: { rule: 'REF-03', workingDays: 1, reminders: 2 },
    courierAnswer: { rule: 'ORD-30', workingDays: 1, reminders: 2 },
    /** Without an answer the order goes on as it was placed; it never waits for one. */
    confirmation: { rule: 'ORD-02', hours: 12 },
    confirmationReminder: { rule: 'ORD-02', hours: 4, reminders: 1 },
    /** A payment may be said to be captured before its order is known here; later than this somebody looks whose it is. */
    orderOfCapture: { rule: 'ORD-01', days: 1 },
    financeAnswer: { rule: 'ORD-01', workingDays: 1, reminders: 2 },
    customerDecision: { rule: 'ORD-12', days: 3 },
    /** Before time decides (CS-02). */
    customerReminder: { rule: 'CS-02', days: 2, reminders: 1 },
    /** A difference is to be paid within this time; the customer is asked once more, with the same time again. */
    paymentWindow: { rule: 'ORD-22', days: 2 },
    /** Promised anew to an order whose product was changed. */
    changedDispatch: { rule: 'ORD-23', workingDays: 3 },
    /** A task that somebody claimed is free again after this time. */
    taskClaim: { rule: 'CS-02', minutes: 30 },
  },
  logistics: {
    warehouseAnswer: { rule: 'LOG-09', workingDays: 1, reminders: 2 },
    /** The warehouse's report of a parcel may come later than the courier's first scans. */
    reportLag: { rule: 'LOG-01', days: 1 },
    serviceAnswer: { rule: 'LOG-10', workingDays: 1, reminders: 2 },
    purchasingAnswer: { rule: 'ORD-04', workingDays: 1, reminders: 2 },
    expectedArrival: { rule: 'ORD-04', from: 'expectedAt', workingDays: 1, reminders: 2 },
    customerDecision: { rule: 'ORD-04', days: 3 },
    customerReminder: { rule: 'CS-02', days: 2, reminders: 1 },
    shipping: { rule: 'LOG-02', workingDays: 5, reminders: 2 },
    /** A parcel without a scan is new for so long after it left; then the courier is asked. */
    firstScan: { rule: 'LOG-04', days: 5 },
    /** A parcel that has not moved for so long is looked for. */
    staleTracking: { rule: 'LOG-05', days: 15 },
    untrackedLost: { rule: 'LOG-03', days: 50 },
    /** A parcel that somebody asked about is looked at again so much later, until it is delivered or lost. */
    trackingRelook: { rule: 'LOG-11', days: 2 },
    nextLook: { rule: 'LOG-11', from: 'lookAgainAt' },
    expectedDispatch: { rule: 'LOG-02', from: 'expectedAt', workingDays: 1 },
    courierAnswer: { rule: 'LOG-04', workingDays: 1, reminders: 2 },
    /** A task that somebody claimed is free again after this time. */
    taskClaim: { rule: 'CS-02', minutes: 30 },
  },
  refund: {
    /** Met when finance executes, not when the bank posts. The inner deadline is before the outer. */
    refundPromise: { rule: 'REF-01', workingDays: 3 },
    refundAlert: { rule: 'REF-01', workingDays: 2 },
    financeAnswer: { rule: 'REF-02', workingDays: 1, reminders: 2 },
    supervisorAnswer: { rule: 'REF-05', workingDays: 1, reminders: 2 },
    serviceAnswer: { rule: 'REF-02', workingDays: 1, reminders: 2 },
    providerAnswer: { rule: 'REF-05', hours: 1 },
    /** Unknown: asked again under the same key, for a day and more; then somebody looks. */
    providerReminder: { rule: 'REF-05', hours: 1, reminders: 30 },
    mailSent: { rule: 'REF-04', workingDays: 1, reminders: 2 },
    /** A task that somebody claimed is free again after this time. */
    taskClaim: { rule: 'CS-02', minutes: 30 },
  },
  'after-sales': {
    evidence: { rule: 'AFT-01', days: 7 },
    evidenceReminder: { rule: 'AFT-01', days: 2, hours: 12, reminders: 2 },
    /** Time that a claim waits for an unknown or undispatched order. */
    orderKnown: { rule: 'AFT-30', days: 3 },
    returnOnItsWay: { rule: 'AFT-31', days: 14 },
    /** A tracking number that comes so long after that still counts. */
    lateParcel: { rule: 'AFT-31', days: 14 },
    returnReminder: { rule: 'AFT-31', days: 5, reminders: 2 },
    /** The way back included. */
    inspection: { rule: 'AFT-31', workingDays: 5, reminders: 2 },
    /** Not answered: it goes back to the customer, whose it is. */
    takeBack: { rule: 'AFT-32', days: 7 },
    takeBackReminder: { rule: 'AFT-32', days: 4, reminders: 1 },
    /** A case of a kind that has no flow of its own. */
    workCase: { rule: 'AFT-01', workingDays: 2, reminders: 2 },
    warehouseAnswer: { rule: 'AFT-15', workingDays: 1, reminders: 2 },
    purchasingAnswer: { rule: 'AFT-15', workingDays: 1, reminders: 2 },
    reshipPromise: { rule: 'AFT-15', days: 3 },
    /** An untracked parcel is never signed for; it may be that long on its way, and the doubt is the customer's. */
    presumedDelivery: { rule: 'LOG-03', days: 50 },
    followUp: { rule: 'AFT-15', days: 10, reminders: 2 },
    satisfaction: { rule: 'LOG-08', days: 3 },
    /** Re-ship or refund of a lost parcel: who does not answer gets the refund. */
    customerDecision: { rule: 'LOG-06', days: 3 },
    /** Before time decides (CS-02). */
    customerReminder: { rule: 'CS-02', days: 2, reminders: 1 },
    /** Optional goodwill that nobody grants in this time delays nothing. */
    goodwillDecision: { rule: 'CS-05', workingDays: 1 },
    serviceAnswer: { rule: 'LOG-08', workingDays: 1, reminders: 2 },
    supervisorAnswer: { rule: 'REF-03', workingDays: 1, reminders: 2 },
    /** A task that somebody claimed is free again after this time. */
    taskClaim: { rule: 'CS-02', minutes: 30 },
  },
} as const satisfies Record<string, Record<string, DeadlinePolicy>>;

/** Services whose deadlines are settings. */
export type DeadlineService = keyof typeof defaultDeadlines;
