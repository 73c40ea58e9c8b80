import type { Decider, Fact } from '@orderloom/event-sourcing';
import { type Instant, Refusal } from '@orderloom/kernel';
import type { LineQuantity, ReturnCause, Sent } from './purchase-details.js';
import { type Openers, openers } from './openers.js';
import { casesView } from './views/cases.view.js';

/** AFT-01: what the customer claims. */
export type CaseKind =
  'not-as-described' | 'wrong-item' | 'missing-items' | 'quality' | 'return' | 'exchange' | 'not-received' | 'review' | 'other';

/** AFT-03: what the check finds. */
export type Finding = 'none' | 'untrue' | 'wrong-item' | 'missing-items' | 'listing-wrong' | 'defect';

/** AFT-33: what the warehouse counted of one line, and where the accepted goods go. */
export interface InspectedLine {
  readonly line: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly stock: 'sellable' | 'repair' | 'scrap';
}

interface Ids {
  readonly caseId: string;
  readonly orderNumber: string;
}

interface Intake {
  readonly kind: CaseKind;
  readonly cause: ReturnCause | null;
  readonly lines: readonly LineQuantity[];
  readonly text: string;
  /** `storefront`, or `desk` for a person. */
  readonly channel: string;
}

/** What a flow begins with. */
interface Begun extends Openers {
  readonly lines: readonly LineQuantity[];
  readonly reason: string;
  readonly openedAt: Instant;
  /** Where the goods came with a re-ship of the order. */
  readonly sent?: Sent;
}

interface HandOver {
  /** Null where nobody is present. */
  readonly to: string | null;
  readonly problem: string;
  readonly promised: string;
  readonly open: string;
}

// These names are stored for ever.
export type CaseEvent =
  | Fact<'CaseOpened', Ids & Intake & { openedAt: Instant; openedBy?: string }>
  | Fact<'ReturnBegun', Ids & { cause: ReturnCause | null } & Begun>
  | Fact<'MissingItemsBegun', Ids & Begun>
  | Fact<'CaseLeftToService', Ids & Omit<Intake, 'channel'>>
  | Fact<'EvidenceRecorded', Ids & { items: readonly string[] }>
  | Fact<'EvidenceLacking', Ids>
  | Fact<'CaseFound', Ids & { found: Finding; note: string }>
  | Fact<'GoodsInspected', Ids & { lines: readonly InspectedLine[]; found: Finding; photos: readonly string[] }>
  | Fact<'CaseHandedOver', Ids & HandOver & { from: string }>
  | Fact<'CasePickedUp', Ids & { by: string }>
  | Fact<'CaseClosed', Ids & { outcome: string; cause: string }>;

type Command =
  | ({ type: 'OpenCase'; saidAt?: Instant } & Openers & Pick<Begun, 'sent'> & Intake)
  | { type: 'BeginReturn'; cause: ReturnCause | null; lines: readonly LineQuantity[] }
  | { type: 'RecordEvidence'; items: readonly string[] }
  | { type: 'RecordNoEvidence' }
  | { type: 'RecordFinding'; found: Finding; note: string; lines?: readonly LineQuantity[] }
  | { type: 'RecordInspection'; lines: readonly InspectedLine[]; found: Finding; photos: readonly string[] }
  | ({ type: 'HandOverCase' } & HandOver)
  | { type: 'PickUpCase' }
  | { type: 'CloseWorkedCase'; outcome: string; cause: string }
  | { type: 'CloseCase'; outcome: string; cause: string; flow?: string };
export type CaseCommand = Command & Ids & { now: Instant; by: string };

export type CaseState =
  | { readonly status: 'none' }
  | {
      readonly status: 'open' | 'closed';
      readonly orderNumber: string;
      readonly intake: Intake;
      readonly openedAt: Instant;
      readonly openedBy?: string;
      /** AFT-03: kept beside what was claimed. */
      readonly found: Finding | null;
      /** Which flow has it; null: people do. */
      readonly branch: 'return' | 'missing-items' | null;
      readonly owner: string | null;
    };

function evolve(state: CaseState, event: CaseEvent): CaseState {
  if (event.type === 'CaseOpened') {
    const { caseId: _id, orderNumber, openedAt, openedBy, ...intake } = event.data;
    return {
      status: 'open',
      orderNumber,
      intake,
      openedAt,
      ...(openedBy !== undefined && { openedBy }),
      found: null,
      branch: null,
      owner: null,
    };
  }
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'ReturnBegun':
      return { ...state, branch: 'return' };
    case 'MissingItemsBegun':
      return { ...state, branch: 'missing-items' };
    case 'CaseFound':
    case 'GoodsInspected':
      return { ...state, found: event.data.found };
    case 'CaseHandedOver':
      return { ...state, owner: event.data.to };
    case 'CasePickedUp':
      return { ...state, owner: event.data.by };
    case 'CaseClosed':
      return { ...state, status: 'closed' };
    default:
      return state;
  }
}

function decide(command: CaseCommand, state: CaseState): readonly CaseEvent[] {
  const { caseId } = command;
  if (command.type === 'OpenCase') return open(command, state);
  if (state.status === 'none') throw new Refusal('case-unknown', `there is no case ${caseId}`, 'AFT-01');
  const ids = { caseId, orderNumber: state.orderNumber };
  if (state.status === 'closed') {
    if (command.type === 'HandOverCase' || command.type === 'PickUpCase' || command.type === 'BeginReturn')
      throw new Refusal('case-closed', `case ${caseId} is closed`, 'CS-03');
    return [];
  }
  switch (command.type) {
    case 'BeginReturn': {
      assertWithPeople(state);
      const { cause, lines, by } = command;
      return [returnBegun(ids, cause, { lines, reason: state.intake.text, openedAt: state.openedAt, ...openers(by, state.openedBy) })];
    }
    case 'RecordEvidence':
      return [{ type: 'EvidenceRecorded', data: { ...ids, items: command.items } }];
    case 'RecordNoEvidence':
      return [{ type: 'EvidenceLacking', data: ids }];
    case 'RecordFinding':
      return [{ type: 'CaseFound', data: { ...ids, found: command.found, note: command.note } }, ...branchTo(command, state)];
    case 'RecordInspection': {
      const { lines, found, photos } = command;
      return [{ type: 'GoodsInspected', data: { ...ids, lines, found, photos } }];
    }
    case 'HandOverCase': {
      const { to, problem, promised, open: left } = command;
      return [{ type: 'CaseHandedOver', data: { ...ids, from: command.by, to, problem, promised, open: left } }];
    }
    case 'PickUpCase':
      return state.owner === command.by ? [] : [{ type: 'CasePickedUp', data: { ...ids, by: command.by } }];
    case 'CloseWorkedCase':
      // another flow may have it by now, and ends it
      return state.branch ? [] : [{ type: 'CaseClosed', data: { ...ids, outcome: command.outcome, cause: command.cause } }];
    case 'CloseCase':
      if (command.flow === undefined) assertWithPeople(state);
      return [{ type: 'CaseClosed', data: { ...ids, outcome: command.outcome, cause: command.cause } }];
  }
}

/**
 * AFT-01: the kind is what the customer claims; a return and missing items go their way at once, the rest is service's.
 * AFT-30: what counts is when the customer said it, however late it is read here; never later than now.
 */
function open(command: Extract<CaseCommand, { type: 'OpenCase' }>, state: CaseState): readonly CaseEvent[] {
  if (state.status !== 'none') return [];
  const { caseId, orderNumber, kind, cause, lines, text, channel, now, by, saidAt = now, sent } = command;
  const ids = { caseId, orderNumber };
  const openedAt = saidAt < now ? saidAt : now;
  const openedBy = channel === 'desk' ? by : command.openedBy;
  const begun = { lines, reason: text, openedAt, ...(sent && { sent }), ...openers(openedBy, ...(command.alsoOpenedBy ?? [])) };
  return [
    { type: 'CaseOpened', data: { ...ids, kind, cause, lines, text, channel, openedAt, ...openers(openedBy) } },
    ...(kind === 'return' ? [returnBegun(ids, cause, begun)] : []),
    ...(kind === 'missing-items' ? [missingItemsBegun(ids, begun)] : []),
    ...(kind === 'return' || kind === 'missing-items' ? [] : [leftToService(ids, { kind, cause, lines, text })]),
  ];
}

const leftToService = (ids: Ids, claimed: Omit<Intake, 'channel'>): CaseEvent => ({
  type: 'CaseLeftToService',
  data: { ...ids, ...claimed },
});

const returnBegun = (ids: Ids, cause: ReturnCause | null, begun: Begun): CaseEvent => ({
  type: 'ReturnBegun',
  data: { ...ids, cause, ...begun },
});

const missingItemsBegun = (ids: Ids, begun: Begun): CaseEvent => ({ type: 'MissingItemsBegun', data: { ...ids, ...begun } });

type OpenCaseState = Exclude<CaseState, { status: 'none' }>;

/** AFT-03: what was found moves a case to that branch, unless a flow has it already. */
function branchTo(
  { found, lines, caseId, by }: Extract<CaseCommand, { type: 'RecordFinding' }>,
  state: OpenCaseState,
): readonly CaseEvent[] {
  const these = lines ?? state.intake.lines;
  if (state.branch !== null || found !== 'missing-items' || these.length === 0) return [];
  const begun = { lines: these, reason: state.intake.text, openedAt: state.openedAt, ...openers(by, state.openedBy) };
  return [missingItemsBegun({ caseId, orderNumber: state.orderNumber }, begun)];
}

function assertWithPeople({ branch }: OpenCaseState): void {
  if (branch) throw new Refusal('case-in-flow', `the flow of its ${branch} has this case and ends it`, 'AFT-03');
}

/** A customer's problem with an order, from their first word to its outcome and cause. */
export const aftersalesCase: Decider<CaseState, CaseCommand, CaseEvent> = {
  name: 'case',
  initial: { status: 'none' },
  evolve,
  decide,
  rules: {
    CaseOpened: 'AFT-01',
    ReturnBegun: 'AFT-30',
    MissingItemsBegun: 'AFT-15',
    CaseLeftToService: 'AFT-01',
    EvidenceRecorded: 'AFT-01',
    EvidenceLacking: 'AFT-01',
    CaseFound: 'AFT-03',
    GoodsInspected: 'AFT-33',
    CaseHandedOver: 'AFT-04',
    CasePickedUp: 'AFT-02',
    CaseClosed: 'CS-03',
  },
  subject: (id, state) => (state.status === 'none' ? id : state.orderNumber),
  objects: (event, id) => [
    { type: 'case', id },
    { type: 'order', id: event.data.orderNumber },
  ],
  views: [casesView],
};
