import { answering } from './task-inbox.js';
import type { Answer, Task, TaskHandlers } from './task.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

interface Returned {
  readonly lines: readonly { readonly line: number; readonly quantity: number }[];
  readonly cause: string | null;
}

/** Actions of the customer in a case. */
export const customerOfCases = (context: PartnerContext): TaskHandlers => ({
  'give-evidence': answering(context, ({ subject }) => ({
    type: 'EvidenceGiven',
    items: [`${subject}-product.jpg`, `${subject}-packaging.jpg`],
  })),
  'send-back': answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    return type === 'ReturnSent' ? { type, ...parcel(context, task) } : { type };
  }),
  'take-back': answering(context, (task) => ({ type: context.behaviour.choice(task.draw) })),
  satisfied: answering(context, (task) => {
    const type = context.behaviour.choice(task.draw);
    return type === 'Dissatisfied' ? { type, text: 'it took too long' } : { type };
  }),
});

/** Return freight around the maximum that the merchant pays. */
function parcel(context: PartnerContext, { subject, draw, about }: Task) {
  const amount = Math.round(Number(about['freightCap']) * context.behaviour.share(draw));
  return { carrier: 'Royal Mail', trackingNumber: `RB${subject}GB`, freight: { amount, proof: `receipt ${subject}` } };
}

/** The warehouse inspects returns and explains missing goods. */
export const warehouseOfCases = (context: PartnerContext): TaskHandlers => ({
  'inspect-return': answering(context, (task) => inspection(context.behaviour.choice(task.draw), task.about as unknown as Returned)),
  'explain-missing-items': answering(context, (task) => ({
    type: 'MissingItemsExplained',
    found: context.behaviour.choice(task.draw),
    note: 'the weight of the parcel was looked at',
  })),
});

const foundOf: Readonly<Record<string, string>> = { quality: 'defect', wrong: 'wrong-item', missing: 'missing-items' };

/** Accepts all, all but one of each line, or nothing. Defective goods are repaired, the others sold again. */
function inspection(outcome: string, { lines, cause }: Returned): Answer {
  if (outcome === 'lost') return { type: 'ReturnNotArrived', note: 'nothing came, and the courier knows nothing of it' };
  const found = outcome === 'rejected' ? 'untrue' : (foundOf[cause ?? ''] ?? 'none');
  const stock = outcome === 'rejected' ? 'scrap' : found === 'defect' ? 'repair' : 'sellable';
  const counted = lines.map(({ line, quantity }) => {
    const rejected = outcome === 'accepted' ? 0 : outcome === 'rejected' ? quantity : 1;
    return { line, accepted: quantity - rejected, rejected, stock };
  });
  return { type: 'ReturnInspected', lines: counted, found, photos: outcome === 'accepted' ? [] : ['as-it-came.jpg'] };
}

export const purchasingOfCases = (context: PartnerContext): TaskHandlers => ({
  'supply-missing-items': answering(context, (task) => ({ type: context.behaviour.choice(task.draw) })),
});

const why = 'as far as we know';

export const serviceOfCases = (context: PartnerContext): TaskHandlers => ({
  'find-order': answering(context, () => ({ type: 'OrderNotFound', note: why })),
  'decide-unclaimed-return': answering(context, () => ({ type: 'ReturnNotToBeTaken', reason: why })),
  'decide-lost-return': answering(context, (task) => ({ type: context.behaviour.choice(task.draw), note: why, reason: why })),
  'decide-late-return': answering(context, (task) => ({ type: context.behaviour.choice(task.draw), note: why, reason: why })),
  'decide-unpaid-return': answering(context, (task) => ({ type: context.behaviour.choice(task.draw), note: why })),
  'work-case': answering(context, () => ({ type: 'CaseWorked', outcome: 'explained', cause: 'none', note: why })),
  'follow-reship': answering(context, () => ({ type: 'ReshipArrived' })),
  'resolve-case': answering(context, (task) => ({
    type: 'CaseResolved',
    note: 'apologised',
    goodwill: context.behaviour.choice(task.draw),
  })),
});
