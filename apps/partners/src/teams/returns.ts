import { answering } from './task-inbox.js';
import type { Answer, TaskHandler, Task } from './task.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

type Dealings = Readonly<Record<string, TaskHandler>>;

interface Returned {
  readonly lines: readonly { readonly line: number; readonly quantity: number }[];
  readonly cause: string | null;
}

/** Actions of the customer in a case. */
export const customerOfCases = (world: PartnerContext): Dealings => ({
  'give-evidence': answering(world, ({ subject }) => ({
    type: 'EvidenceGiven',
    items: [`${subject}-product.jpg`, `${subject}-packaging.jpg`],
  })),
  'send-back': answering(world, (task) => {
    const type = world.manners.choice(task.draw);
    return type === 'ReturnSent' ? { type, ...parcel(world, task) } : { type };
  }),
  'take-back': answering(world, (task) => ({ type: world.manners.choice(task.draw) })),
  satisfied: answering(world, (task) => {
    const type = world.manners.choice(task.draw);
    return type === 'Dissatisfied' ? { type, text: 'it took too long' } : { type };
  }),
});

/** Return freight around the maximum that the merchant pays. */
function parcel(world: PartnerContext, { subject, draw, about }: Task) {
  const amount = Math.round(Number(about['freightCap']) * world.manners.share(draw));
  return { carrier: 'Royal Mail', trackingNumber: `RB${subject}GB`, freight: { amount, proof: `receipt ${subject}` } };
}

/** The warehouse inspects returns and explains missing goods. */
export const warehouseOfCases = (world: PartnerContext): Dealings => ({
  'inspect-return': answering(world, (task) => inspection(world.manners.choice(task.draw), task.about as unknown as Returned)),
  'explain-missing-items': answering(world, (task) => ({
    type: 'MissingItemsExplained',
    found: world.manners.choice(task.draw),
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

export const purchasingOfCases = (world: PartnerContext): Dealings => ({
  'supply-missing-items': answering(world, (task) => ({ type: world.manners.choice(task.draw) })),
});

const why = 'as far as we know';

export const serviceOfCases = (world: PartnerContext): Dealings => ({
  'find-order': answering(world, () => ({ type: 'OrderNotFound', note: why })),
  'decide-unclaimed-return': answering(world, () => ({ type: 'ReturnNotToBeTaken', reason: why })),
  'decide-lost-return': answering(world, (task) => ({ type: world.manners.choice(task.draw), note: why, reason: why })),
  'decide-late-return': answering(world, (task) => ({ type: world.manners.choice(task.draw), note: why, reason: why })),
  'decide-unpaid-return': answering(world, (task) => ({ type: world.manners.choice(task.draw), note: why })),
  'work-case': answering(world, () => ({ type: 'CaseWorked', outcome: 'explained', cause: 'none', note: why })),
  'follow-reship': answering(world, () => ({ type: 'ReshipArrived' })),
  'resolve-case': answering(world, (task) => ({ type: 'CaseResolved', note: 'apologised', goodwill: world.manners.choice(task.draw) })),
});
