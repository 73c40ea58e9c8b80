import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import type { LineQuantity, ReturnCause } from '../purchase/purchase-details.js';
import type { CaseKind } from '../case-facts.js';
import { policies } from '../policies.js';

interface Work {
  orderNumber: string;
  caseId: string;
  kind: CaseKind;
  cause: ReturnCause | null;
  lines: readonly LineQuantity[];
  text: string;
  outcome: string;
  found: string;
  note: string;
}

type Input =
  | { type: 'CaseWorked'; outcome: string; cause: string; note: string }
  | { type: 'CaseClosed'; caseId: string; outcome: string; cause: string }
  | { type: 'ReturnBegun' | 'MissingItemsBegun'; caseId: string };

const { ask, remind, send, tell } = effects<Work>();
const ids = ({ orderNumber, caseId }: Work) => ({ orderNumber, caseId });
const about = (c: Work) => ({ ...ids(c), kind: c.kind, cause: c.cause, lines: c.lines, text: c.text });
const ending = (c: Work) => ({ ...ids(c), outcome: c.outcome, cause: c.found });
const ended = (c: Work) => ({ ...ids(c), kind: c.kind, outcome: c.outcome, cause: c.found, note: c.note });

const flow = defineFlow<Work, Input>()({
  service: 'after-sales',
  policies,
  startedBy: {
    CaseLeftToService: ({ orderNumber, caseId, kind, cause, lines, text }: Work) => ({
      ...{ orderNumber, caseId, kind, cause, lines, text },
      ...{ outcome: '', found: '', note: '' },
    }),
  },
  listensTo: ['CaseClosed', 'ReturnBegun', 'MissingItemsBegun'],
  guards: {
    thisCase: ({ caseId }, input) => narrowInput(input, 'CaseClosed', 'ReturnBegun', 'MissingItemsBegun').caseId === caseId,
  },
  notes: {
    noteWork: (_, input) => {
      const { outcome, cause, note } = narrowInput(input, 'CaseWorked');
      return { outcome, found: cause, note };
    },
    noteOutcome: (_, input) => {
      const { outcome, cause } = narrowInput(input, 'CaseClosed');
      return { outcome, found: cause };
    },
  },
});

const moves = {
  ReturnBegun: { guard: 'thisCase', target: 'moved' },
  MissingItemsBegun: { guard: 'thisCase', target: 'moved' },
} as const;

/** AFT-01, CS-03: a case of a kind that has no flow of its own is service's, with a day when it is due, until it is closed or moves to a branch. */
export const workCase = flow.chart({
  id: 'work-case',
  version: '1',
  initial: 'working',
  states: {
    working: {
      description: 'AFT-01',
      entry: ask('service', 'work-case', about),
      on: {
        CaseWorked: { target: 'closing', actions: 'noteWork' },
        CaseClosed: { guard: 'thisCase', target: 'closed', actions: 'noteOutcome' },
        ...moves,
      },
      after: { workCase: { actions: remind('service') } },
    },
    closing: {
      description: 'CS-03',
      entry: send('after-sales', 'CloseWorkedCase', ending),
      on: { CaseClosed: { guard: 'thisCase', target: 'closed', actions: 'noteOutcome' }, ...moves },
    },
    closed: { type: 'final', description: 'CS-03', entry: tell('CS-03', 'case-closed', ended) },
    moved: { type: 'final', description: 'AFT-03' },
  },
});
