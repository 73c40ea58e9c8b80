import { aLine } from '../ingest/entry.fixture.js';
import { precedingLines, ignoredReasons, withoutDuplicates, withQuestions } from './line-relations.js';

const taskId = 'cancel-order-1.3';
const question = aLine({ id: 'question', topic: 'orderloom.tasks.purchasing', type: 'TaskAsked', data: { taskId } });
const flowsOwn = aLine({ id: 'own', topic: 'orderloom.order.flows', type: 'TaskAsked', data: { taskId } });
const answer = aLine({ id: 'answer', topic: 'orderloom.answers.purchasing', type: 'TaskAnswered', data: { taskId } });
const causeOf = (...entries: (typeof question)[]): string | null | undefined =>
  withQuestions(entries).find(({ id }) => id === 'answer')?.causation;

describe('the cause of an answer', () => {
  it('the cause is the question put to the team', () => {
    expect(causeOf(answer, question, flowsOwn)).toBe('question');
  });

  it('a named cause is kept', () => {
    expect(causeOf({ ...answer, causation: 'reminder' }, question)).toBe('reminder');
  });

  it('without its question an answer has no cause', () => {
    expect(causeOf(answer)).toBeNull();
    expect(causeOf({ ...answer, data: null }, { ...question, data: null })).toBeNull();
  });

  it('only an answer gets the question as its cause, no other message about the task', () => {
    const reminder = aLine({ id: 'answer', topic: 'orderloom.tasks.purchasing', type: 'TaskReminded', data: { taskId } });
    expect(causeOf(reminder, question)).toBeNull();
  });
});

describe('a message on two topics', () => {
  it('it is shown once, as on the topic of its team', () => {
    const twin = { ...flowsOwn, source: question.source, id: 'question.1' };
    const alone = { ...flowsOwn, id: 'closed.1' };
    expect(withoutDuplicates([twin, question, alone])).toEqual([question, alone]);
  });
});

describe('a request of the storefront', () => {
  const placed = aLine({ id: 'z', topic: 'orderloom.storefront.orders', type: 'OrderPlaced', offset: '4' });
  const request = aLine({ id: 'a', topic: 'orderloom.storefront.orders', type: 'CancellationRequested', offset: '5' });

  it('it follows the order that precedes it on the log, not a later one', () => {
    expect(precedingLines([request, placed])).toEqual(new Map([[request, placed]]));
    expect(precedingLines([{ ...request, offset: '3' }, placed]).size).toBe(0);
  });
});

describe('a message without effect', () => {
  const teams = new Map([[taskId, 'purchasing']]);
  const why = (...entries: (typeof question)[]): string[] => [...ignoredReasons(entries, teams).values()];
  const strayed = aLine({
    ...{ id: 's', topic: 'orderloom.order.flows', type: 'InputStrayed', causation: 'answer', causationSource: answer.source },
    data: { why: 'the task is closed or was never asked' },
  });
  const rejected = (change: object) =>
    aLine({
      ...{ id: 'r', topic: 'orderloom.rejections.purchasing', type: 'RecordRejected', source: '/orderloom/order' },
      data: { topic: answer.topic, partition: 0, offset: '0', source: null, id: null, by: 'order', reason: 'loss: is required', ...change },
    });

  it('an answer to an unknown task is marked as ignored', () => {
    expect(ignoredReasons([answer], new Map()).get(answer)).toBe(`ignored, no task ${taskId} was asked`);
  });

  it('an answer of another team is marked as ignored', () => {
    const finance = { ...answer, topic: 'orderloom.answers.finance' };
    expect(why(finance)).toEqual(['ignored, the task is for purchasing, not for finance']);
  });

  it('an answer that its flow ignored is marked with the reason', () => {
    expect(why(answer, strayed)).toEqual(['ignored, the task is closed or was never asked']);
    expect(why(answer, { ...strayed, causationSource: '/another' })).toEqual([]);
  });

  it('a rejected record is marked with the reason, found by offset or by id', () => {
    expect(why(answer, rejected({}))).toEqual(['refused by order, loss: is required']);
    expect(why(answer, rejected({ offset: null, partition: null, source: answer.source, id: 'answer' }))).toHaveLength(1);
    expect(why(answer, rejected({ offset: '7' }))).toEqual([]);
  });

  it('a message that had an effect after all is not marked', () => {
    const moved = aLine({
      id: 'm',
      topic: 'orderloom.order.flows',
      type: 'FlowMoved',
      causation: 'answer',
      causationSource: answer.source,
    });
    expect(why(answer, rejected({}), moved)).toEqual([]);
    expect(why(answer)).toEqual([]);
  });
});
