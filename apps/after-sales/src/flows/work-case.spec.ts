import { givenFlow } from '@orderloom/flows';
import { caseId, ids, twoUnits } from '../case.fixture.js';
import { workCase } from './work-case.js';

const begun = () =>
  givenFlow(workCase, { type: 'CaseLeftToService', ...ids, kind: 'quality', cause: null, lines: twoUnits, text: 'it flickers' });
const resolved = { outcome: 'explained', cause: 'operated wrongly', note: 'told how it works' };
const told = ['tell customer: case-closed', 'end: closed'];

describe('a case of a kind without a flow (AFT-01)', () => {
  it('service gets a task with a due date and two reminders, then the supervisor is informed', () => {
    const flow = begun().then('working', 'ask service: work-case');
    expect(flow.task('work-case').dueAt).toBe('2010-12-03T09:00:00.000000Z');
    for (const _ of [1, 2]) flow.due('workCase').then('working', 'remind service: work-case');
    flow.due('workCase').then('working', 'escalate service: work-case', 'inform supervisor: task-escalated');
  });

  it('the outcome closes the case, and the customer is told (CS-03)', () => {
    const flow = begun().answered('work-case', 'CaseWorked', resolved).then('closing', 'send after-sales: CloseWorkedCase');
    expect(flow.last('CommandSent', 'CloseWorkedCase').data).toEqual({
      ...ids,
      outcome: 'explained',
      cause: 'operated wrongly',
    });
    flow.when('CaseClosed', { ...ids, outcome: 'explained', cause: 'operated wrongly' }).then('closed', ...told);
  });

  it('a case closed otherwise is told too; the end of another case changes nothing', () => {
    begun()
      .when('CaseClosed', { ...ids, outcome: 'explained', cause: 'untrue' })
      .then('closed', 'withdraw service: work-case', ...told);
    begun()
      .when('CaseClosed', { ...ids, caseId: 'another', outcome: 'explained', cause: 'untrue' })
      .then('working');
  });

  it('a case that moves to a branch withdraws the task (AFT-03)', () => {
    for (const type of ['ReturnBegun', 'MissingItemsBegun'])
      begun()
        .when(type, { ...ids, lines: twoUnits })
        .then('moved', 'withdraw service: work-case', 'end: moved');
    begun().answered('work-case', 'CaseWorked', resolved).when('ReturnBegun', { caseId, lines: twoUnits }).then('moved', 'end: moved');
  });
});
