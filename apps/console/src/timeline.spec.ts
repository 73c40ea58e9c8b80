import { aLine } from './entry.fixture.js';
import { withQuestions } from './timeline.js';

const taskId = 'cancel-order-1.3';
const question = aLine({ id: 'question', topic: 'orderloom.tasks.purchasing', type: 'TaskAsked', data: { taskId } });
const flowsOwn = aLine({ id: 'own', topic: 'orderloom.order.flows', type: 'TaskAsked', data: { taskId } });
const answer = aLine({ id: 'answer', topic: 'orderloom.answers.purchasing', type: 'TaskAnswered', data: { taskId } });
const causeOf = (...entries: (typeof question)[]): string | null | undefined =>
  withQuestions(entries).find(({ id }) => id === 'answer')?.causation;

describe('an answer', () => {
  it('is caused by the question that was put to the team', () => {
    expect(causeOf(answer, question, flowsOwn)).toBe('question');
  });

  it('keeps the cause that it names', () => {
    expect(causeOf({ ...answer, causation: 'reminder' }, question)).toBe('reminder');
  });

  it('to a question that is not here has no cause', () => {
    expect(causeOf(answer)).toBeNull();
    expect(causeOf({ ...answer, data: null }, { ...question, data: null })).toBeNull();
  });

  it('only takes the question as its cause: what else speaks of the task stands for itself', () => {
    const reminder = aLine({ id: 'answer', topic: 'orderloom.tasks.purchasing', type: 'TaskReminded', data: { taskId } });
    expect(causeOf(reminder, question)).toBeNull();
  });
});
