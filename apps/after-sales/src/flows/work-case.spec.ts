import { givenFlow } from '@orderloom/flows';
import { caseId, ids, twoUnits } from '../case.fixture.js';
import { workCase } from './work-case.js';

const begun = () =>
  givenFlow(workCase, { type: 'CaseLeftToService', ...ids, kind: 'quality', cause: null, lines: twoUnits, text: 'it flickers' });
const resolved = { outcome: 'explained', cause: 'operated wrongly', note: 'told how it works' };
const told = ['tell customer: case-closed', 'end: closed'];

describe('a case of a kind that has no flow (AFT-01)', () => {
  it('is service’s, with a day when it is due, two reminders, and a supervisor then', () => {
    const flow = begun().then('working', 'ask service: work-case');
    expect(flow.task('work-case').dueAt).toBe('2010-12-03T09:00:00.000000Z');
    for (const _ of [1, 2]) flow.due('workCase').then('working', 'remind service: work-case');
    flow.due('workCase').then('working', 'escalate service: work-case', 'inform supervisor: task-escalated');
  });

  it('is closed with what came of it, and the customer is told (CS-03)', () => {
    const flow = begun().answered('work-case', 'CaseWorked', resolved).then('closing', 'send after-sales: CloseWorkedCase');
    expect(flow.last('CommandSent', 'CloseWorkedCase').data).toEqual({
      ...ids,
      outcome: 'explained',
      cause: 'operated wrongly',
    });
    flow.when('CaseClosed', { ...ids, outcome: 'explained', cause: 'operated wrongly' }).then('closed', ...told);
  });

  it('that somebody closes otherwise is told too; another case’s end is not this one’s', () => {
    begun()
      .when('CaseClosed', { ...ids, outcome: 'explained', cause: 'untrue' })
      .then('closed', 'withdraw service: work-case', ...told);
    begun()
      .when('CaseClosed', { ...ids, caseId: 'another', outcome: 'explained', cause: 'untrue' })
      .then('working');
  });

  it('that moves to a branch is that branch’s (AFT-03)', () => {
    for (const type of ['ReturnBegun', 'MissingItemsBegun'])
      begun()
        .when(type, { ...ids, lines: twoUnits })
        .then('moved', 'withdraw service: work-case', 'end: moved');
    begun().answered('work-case', 'CaseWorked', resolved).when('ReturnBegun', { caseId, lines: twoUnits }).then('moved', 'end: moved');
  });
});
