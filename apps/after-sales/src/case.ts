import type { Ids, Intake, Begun, CaseEvent, CaseCommand, CaseState, OpenCaseState } from './case-facts.js';
import type { Decider } from '@orderloom/event-sourcing';
import { Refusal } from '@orderloom/kernel';
import type { ReturnCause } from './purchase/purchase-details.js';
import { openers } from './openers.js';
import { casesView } from './views/cases.view.js';

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
    case 'LostParcelBegun':
      return { ...state, branch: 'lost-parcel' };
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
  if (state.status === 'none') throw new Refusal('case-unknown', `case ${caseId} does not exist`, 'AFT-01');
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
      return [returnBegun(ids, cause, { lines, ...saidIn(state), ...openers(by, state.openedBy) })];
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
      // another flow may have taken over the case and closes it
      return state.branch ? [] : [{ type: 'CaseClosed', data: { ...ids, outcome: command.outcome, cause: command.cause } }];
    case 'CloseCase':
      if (command.flow === undefined) assertWithPeople(state);
      return [{ type: 'CaseClosed', data: { ...ids, outcome: command.outcome, cause: command.cause } }];
  }
}

/**
 * AFT-01: the kind is the customer's claim. Returns, missing items and lost parcels start their flows at once; service decides about others.
 * AFT-30: the time of the customer's message counts, not that of its processing; never later than now.
 */
function open(command: Extract<CaseCommand, { type: 'OpenCase' }>, state: CaseState): readonly CaseEvent[] {
  if (state.status !== 'none') return [];
  const { caseId, orderNumber, kind, cause, lines, text, channel, now, by, saidAt = now, sent, lostParcel, declaredCause } = command;
  const ids = { caseId, orderNumber };
  const openedAt = saidAt < now ? saidAt : now;
  const openedBy = channel === 'desk' ? by : command.openedBy;
  const declared = declaredCause && { declaredCause };
  const begun = {
    lines,
    reason: text,
    ...declared,
    openedAt,
    ...(sent && { sent }),
    ...openers(openedBy, ...(command.alsoOpenedBy ?? [])),
  };
  return [
    { type: 'CaseOpened', data: { ...ids, kind, cause, lines, text, ...declared, channel, openedAt, ...openers(openedBy) } },
    lostParcel
      ? { type: 'LostParcelBegun', data: { ...ids, ...lostParcel, ...begun } }
      : kind === 'return'
        ? returnBegun(ids, cause, begun)
        : kind === 'missing-items'
          ? missingItemsBegun(ids, begun)
          : leftToService(ids, { kind, cause, lines, text, ...declared }),
  ];
}

const saidIn = ({ intake: { text, declaredCause }, openedAt }: OpenCaseState) => ({
  reason: text,
  ...(declaredCause && { declaredCause }),
  openedAt,
});

const leftToService = (ids: Ids, claimed: Omit<Intake, 'channel'>): CaseEvent => ({
  type: 'CaseLeftToService',
  data: { ...ids, ...claimed },
});

const returnBegun = (ids: Ids, cause: ReturnCause | null, begun: Begun): CaseEvent => ({
  type: 'ReturnBegun',
  data: { ...ids, cause, ...begun },
});

const missingItemsBegun = (ids: Ids, begun: Begun): CaseEvent => ({ type: 'MissingItemsBegun', data: { ...ids, ...begun } });

/** AFT-03: the finding moves the case to its branch, unless a flow works on it already. */
function branchTo(
  { found, lines, caseId, by }: Extract<CaseCommand, { type: 'RecordFinding' }>,
  state: OpenCaseState,
): readonly CaseEvent[] {
  const these = lines ?? state.intake.lines;
  if (state.branch !== null || found !== 'missing-items' || these.length === 0) return [];
  const begun = { lines: these, ...saidIn(state), ...openers(by, state.openedBy) };
  return [missingItemsBegun({ caseId, orderNumber: state.orderNumber }, begun)];
}

function assertWithPeople({ branch }: OpenCaseState): void {
  if (branch) throw new Refusal('case-in-flow', `the ${branch} flow of this case closes it: answer its tasks instead`, 'AFT-03');
}

/** A customer's problem with an order, from the first message to its outcome and cause. */
export const aftersalesCase: Decider<CaseState, CaseCommand, CaseEvent> = {
  name: 'case',
  initial: { status: 'none' },
  evolve,
  decide,
  rules: {
    CaseOpened: 'AFT-01',
    ReturnBegun: 'AFT-30',
    MissingItemsBegun: 'AFT-15',
    LostParcelBegun: 'LOG-06',
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
