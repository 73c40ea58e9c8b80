/** Generated: the service of each flow, by its name. */
export const flowNames = {
  'cancel-order': 'order',
  'change-address': 'order',
  'change-label': 'logistics',
  'check-repeated-order': 'order',
  'explain-scan': 'logistics',
  'finance-refund': 'refund',
  'fulfil-order': 'order',
  'gather-evidence': 'after-sales',
  'hold-shipment': 'logistics',
  'missing-items': 'after-sales',
  'queue-cancellation': 'order',
  'return-with-refund': 'after-sales',
  'ship-order': 'logistics',
  'short-pick': 'logistics',
  'work-case': 'after-sales',
} as const;
