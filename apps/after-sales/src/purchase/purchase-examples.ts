/** Data of the notes that after-sales takes of an order and says to nobody, for the schema's memory. */
export const purchaseExamples = {
  PurchaseLearned: {
    orderNumber: '536365',
    lines: [{ line: 1, sku: '85123A', description: 'WHITE HANGING HEART T-LIGHT HOLDER', quantity: 6, unitPrice: 255 }],
    shipping: 495,
    charges: [{ kind: 'shipping', amount: 495 }],
    currency: 'GBP',
    payment: { method: 'card', captured: 2025, reference: 'pay-536365' },
  },
  PurchaseCaptured: { orderNumber: '536365', method: 'voucher', captured: 500, reference: 'gift-1' },
  PurchaseReduced: { orderNumber: '536365', lines: [{ line: 1, quantity: 2 }], settled: 510 },
  PurchaseCancelled: { orderNumber: '536365' },
  PurchaseDispatched: { orderNumber: '536365', at: '2010-12-02T08:26:00.000000Z', trackingNumber: 'RM536365GB' },
  PurchaseDelivered: { orderNumber: '536365', at: '2010-12-03T08:26:00.000000Z' },
  ClaimDeferred: {
    orderNumber: '536365',
    caseId: '3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e',
    what: 'return',
    cause: 'quality',
    lines: [{ line: 1, quantity: 1 }],
    openedAt: '2010-12-06T08:26:00.000000Z',
    flow: 'return-with-refund-x',
  },
} as const;

/** The rule of the manual for each event. */
export const purchaseRules = {
  PurchaseLearned: 'ORD-01',
  PurchaseCaptured: 'ORD-01',
  PurchaseReduced: 'ORD-13',
  PurchaseCancelled: 'ORD-13',
  PurchaseDispatched: 'ORD-08',
  PurchaseDelivered: 'LOG-01',
  ClaimDeferred: 'AFT-30',
  UnitsClaimed: 'AFT-30',
  ClaimReferred: 'AFT-34',
  GoodsNotDispatched: 'AFT-02',
  ClaimRefused: 'AFT-30',
  UnitsReleased: 'AFT-30',
  UnitsRestored: 'REF-05',
  UnitsSettled: 'AFT-32',
  CaseSurplusCaptured: 'AFT-32',
  ReshipDispatched: 'AFT-34',
  ReshipReduced: 'AFT-34',
  ReshipCancelled: 'AFT-34',
  ReshipDelivered: 'AFT-34',
} as const;
