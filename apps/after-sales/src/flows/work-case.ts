import { defineFlow, end, type FactOf, notation, type On, starts } from '@orderloom/flows';
import { policies } from '../policies.js';
import { ids, type Own } from './fragments.js';

interface Work extends FactOf<'CaseLeftToService'> {
  readonly outcome: string;
  readonly found: string;
  readonly note: string;
}

const { asking, keep, send, tell } = notation<Work, Own>();

const closedOrMoved: On<Work> = {
  CaseClosed: { guard: thisCase, target: 'closed', actions: keep('outcome', { found: 'cause' }) },
  ReturnBegun: { guard: thisCase, target: 'moved' },
  MissingItemsBegun: { guard: thisCase, target: 'moved' },
};

/** AFT-01, CS-03: a case of a kind that has no flow of its own is service's, with a day when it is due, until it is closed or moves to a branch. */
export const workCase = defineFlow<Work>()({
  service: 'after-sales',
  policies,
  startedBy: { CaseLeftToService: starts({ outcome: '', found: '', note: '' }) },
  listensTo: ['CaseClosed', 'ReturnBegun', 'MissingItemsBegun'],
}).chart({
  id: 'work-case',
  version: '1',
  initial: 'working',
  states: {
    working: asking('AFT-01', 'work-case', about, {
      on: { CaseWorked: { target: 'closing', actions: keep('outcome', 'note', { found: 'cause' }) }, ...closedOrMoved },
      remindedAfter: 'workCase',
    }),
    closing: { description: 'CS-03', entry: send('after-sales', 'CloseWorkedCase', ending), on: closedOrMoved },
    closed: end('CS-03', tell('CS-03', 'case-closed', ended)),
    moved: end('AFT-03'),
  },
});

function about(c: Work) {
  return { ...ids(c), kind: c.kind, cause: c.cause, lines: c.lines, text: c.text };
}
function ending(c: Work) {
  return { ...ids(c), outcome: c.outcome, cause: c.found };
}
function ended(c: Work) {
  return { ...ending(c), kind: c.kind, note: c.note };
}

function thisCase({ caseId }: Work, input: { readonly caseId: string }) {
  return input.caseId === caseId;
}
