import { TaskInbox, answering } from './task-inbox.js';
import { finance } from './finance.js';
import { FakeContext, task } from '../behaviour/fake-context.fixture.js';
import { PaymentProvider } from '../systems/payment-provider.js';
import { purchasing } from './purchasing.js';
import { customer } from './staff.js';

const asked = task('finance', 'send-refund-mail');
const reminded = task('finance', 'send-refund-mail', {}, { type: 'TaskReminded' });
const withdrawn = task('finance', 'send-refund-mail', {}, { type: 'TaskWithdrawn' });
const mailDesk = (manner: object = {}): [FakeContext, TaskInbox] => {
  const context = new FakeContext({ 'send-refund-mail': manner });
  return [context, new TaskInbox(context, finance(context))];
};

describe('a task in the inbox', () => {
  it('it is answered on the topic of the team, keyed by its subject, with an actor', async () => {
    const [context, desk] = mailDesk();
    const done = desk.onMessage(asked);
    await context.advance(4);
    await done;
    expect(context.sent).toMatchObject([
      {
        topic: 'orderloom.answers.finance',
        key: '536365',
        type: 'TaskAnswered',
        data: { taskId: 'send-refund-mail.1', answer: { type: 'RefundMailSent' } },
      },
    ]);
    expect(context.sent[0]?.data).toHaveProperty('by', expect.stringMatching(/^finance:/));
  });

  it('it is answered once, however often it is delivered or reminded', async () => {
    const [context, desk] = mailDesk();
    for (const message of [asked, asked, reminded]) void desk.onMessage(message);
    await context.advance(9);
    await desk.onMessage(asked);
    void desk.onMessage(reminded);
    await context.advance(9);
    expect(context.types).toEqual(['RefundMailSent']);
  });

  it('it is answered even if only its reminder arrives', async () => {
    const [context, desk] = mailDesk({ silent: 1 });
    void desk.onMessage(reminded);
    await context.advance(9);
    expect(context.types).toEqual(['RefundMailSent']);
  });

  it('a withdrawn task is not answered', async () => {
    const [context, desk] = mailDesk();
    void desk.onMessage(asked);
    await desk.onMessage(withdrawn);
    await context.advance(9);
    expect(context.sent).toEqual([]);
  });

  it('it is unprocessed until it is answered, so that it is received again after a crash', async () => {
    const [context, desk] = mailDesk();
    let done = false;
    void desk.onMessage(asked).then(() => (done = true));
    await context.advance(0.1);
    expect(done).toBe(false);
    await context.advance(9);
    expect(done).toBe(true);
  });

  it('it is answered after the configured number of reminders', async () => {
    const [context, desk] = mailDesk({ silent: 1, reminders: 2 });
    await desk.onMessage(asked);
    await desk.onMessage(reminded);
    await context.advance(9);
    expect(context.sent).toEqual([]);
    void desk.onMessage(reminded);
    await context.advance(9);
    expect(context.types).toEqual(['RefundMailSent']);
  });

  it('it is answered again if it is reminded after its answer', async () => {
    const [context, desk] = mailDesk();
    void desk.onMessage(asked);
    await context.advance(9);
    void desk.onMessage(task('finance', 'send-refund-mail', {}, { type: 'TaskReminded', time: '2010-12-11T08:00:00.000000Z' }));
    await context.advance(9);
    expect(context.types).toEqual(['RefundMailSent', 'RefundMailSent']);
    expect(new Set(context.sent.map((s) => s.id)).size).toBe(2);
  });

  it('it may be answered twice, in two messages', async () => {
    const [context, desk] = mailDesk({ twice: 'always' });
    void desk.onMessage(asked);
    await context.advance(9);
    expect(context.types).toEqual(['RefundMailSent', 'RefundMailSent']);
    expect(new Set(context.sent.map((s) => s.id)).size).toBe(2);
  });

  it('the second answer has its delay even if the first one is acknowledged late', async () => {
    const [context, desk] = mailDesk({ twice: 'always' });
    const say = context.send.bind(context);
    context.send = async (...sayings) => {
      await say(...sayings);
      await context.wait(1);
    };
    const times: number[] = [];
    const pass = context.wait.bind(context);
    context.wait = (hours) => {
      times.push(context.now().getTime());
      return pass(hours);
    };
    void desk.onMessage(asked);
    await context.advance(9);
    expect(context.sent).toHaveLength(2);
    // the answer, its acknowledgement, the wait for the next, which begins with it
    expect(times[2]).toBe(times[1]);
  });

  it('an unknown question is ignored', async () => {
    const [context, desk] = mailDesk();
    await desk.onMessage(task('finance', 'unheard-of'));
    expect(context.sent).toEqual([]);
  });

  it('the answer is chosen when it is sent, not when the task arrives', async () => {
    const context = new FakeContext();
    let state = 'before';
    const desk = new TaskInbox(context, { 'send-refund-mail': answering(context, () => ({ type: state })) });
    void desk.onMessage(asked);
    await context.advance(0.1);
    state = 'after';
    await context.advance(9);
    expect(context.types).toEqual(['after']);
  });
});

describe('the simulated customer', () => {
  it('answers are sent through the storefront', async () => {
    const context = new FakeContext({ 'bear-loss': { answers: { OfferAccepted: 1 } } });
    void new TaskInbox(context, customer(context)).onMessage(task('customer', 'bear-loss', { loss: 10 }));
    await context.advance(10);
    expect(context.sent).toMatchObject([
      {
        topic: 'orderloom.storefront.orders',
        type: 'CustomerAnswered',
        data: { taskId: 'bear-loss.1', answer: { type: 'OfferAccepted' } },
      },
    ]);
  });
});

describe('the simulated finance team', () => {
  it('an approver neither approves twice nor approves an own refund', async () => {
    const context = new FakeContext({ 'approve-refund': { answers: { ApprovalGiven: 1 } } });
    const desk = new TaskInbox(context, finance(context));
    const about = { filedBy: 'finance:li', approvedBy: 'finance:chen', answer: null };
    for (let i = 0; i < 20; i += 1)
      void desk.onMessage(task('finance', 'approve-refund', about, { subject: `S-${i}`, id: `approve-refund.${i}` }));
    await context.advance(9);
    expect(new Set(context.sent.map((s) => (s.data as { by: string }).by))).toEqual(new Set(['finance:ruth']));
  });

  it('a question is asked once only', async () => {
    const context = new FakeContext({ 'approve-refund': { answers: { QuestionAsked: 1 } } });
    const desk = new TaskInbox(context, finance(context));
    void desk.onMessage(task('finance', 'approve-refund', { filedBy: 'x', approvedBy: null, answer: null }));
    void desk.onMessage(
      task('finance', 'approve-refund', { filedBy: 'x', approvedBy: null, answer: 'because' }, { id: 'approve-refund.2' }),
    );
    await context.advance(9);
    expect(context.types.sort()).toEqual(['ApprovalGiven', 'QuestionAsked']);
  });
});

describe('the simulated payment provider', () => {
  const pay = (id: string, type = 'TaskAsked') => task('payments', 'pay-refund', { idempotencyKey: 'r-1' }, { id, type });

  it('after a time-out it answers twice, about one payment', async () => {
    const context = new FakeContext({ 'pay-refund': { silent: 1, answers: { RefundSucceeded: 1 } } });
    const desk = new TaskInbox(context, new PaymentProvider(context).handlers);
    await desk.onMessage(pay('pay-refund.1'));
    await context.advance(9);
    expect(context.sent).toEqual([]);
    void desk.onMessage(pay('pay-refund.2'));
    await context.advance(9);
    expect(context.sent).toMatchObject([{ topic: 'orderloom.payments.notices' }, { topic: 'orderloom.payments.notices' }]);
    const references = context.sent.map((s) => (s.data as { answer: { providerReference: string } }).answer.providerReference);
    expect(new Set(references).size).toBe(1);
  });

  it('a payment that another provider serves is left to that', async () => {
    const context = new FakeContext({ 'pay-refund': { silent: 0, answers: { RefundSucceeded: 1 } } });
    const desk = new TaskInbox(context, new PaymentProvider(context, ['pi_']).handlers);
    await desk.onMessage(
      task('payments', 'pay-refund', { idempotencyKey: 'r-1', reference: 'pi_1' }, { id: 'pay-refund.1', type: 'TaskAsked' }),
    );
    expect(context.sent).toEqual([]);
  });

  it('only the first request is refused', async () => {
    const context = new FakeContext({ 'pay-refund': { silent: 0, answers: { RefundFailed: 1 } } });
    const desk = new TaskInbox(context, new PaymentProvider(context).handlers);
    for (const id of ['pay-refund.1', 'pay-refund.2']) {
      void desk.onMessage(pay(id));
      await context.advance(1);
    }
    expect(context.types).toEqual(['RefundFailed', 'RefundSucceeded']);
  });
});

describe('the simulated purchasing team', () => {
  const lines = [{ line: 3, quantity: 2, unitPrice: 100 }];
  const answerTo = async (question: string, about: object, behaviour: object, hours = 100): Promise<FakeContext> => {
    const context = new FakeContext({ [question]: behaviour });
    void new TaskInbox(context, purchasing(context)).onMessage(task('purchasing', question, about));
    await context.advance(hours);
    return context;
  };

  it('missing lines are named with the day of their arrival', async () => {
    const { sent: said } = await answerTo('confirm-stock', { lines }, { answers: { StockArrivesLater: 1 } });
    expect(said).toMatchObject([
      { data: { answer: { type: 'StockArrivesLater', lines: [3], expectedAt: expect.stringMatching(/^2010-12-0[1-4]T/) as unknown } } },
    ]);
  });

  it('arrived goods are reported after that day', async () => {
    const about = { lines: [3], expectedAt: '2010-12-02T08:00:00Z' };
    expect((await answerTo('confirm-arrival', about, { answers: { StockArrived: 1 } }, 24)).sent).toEqual([]);
    expect((await answerTo('confirm-arrival', about, { answers: { StockArrived: 1 } }, 30)).types).toEqual(['StockArrived']);
  });

  it('a loss is a share of the value of the goods', async () => {
    const { sent: said } = await answerTo('loss-on-bought-goods', { lines }, { answers: { loss: 1 }, share: [0.25, 0.25] });
    expect(said).toMatchObject([{ data: { answer: { type: 'LossAssessed', loss: 50 } } }]);
  });
});
