import { z } from 'zod';
import { when } from '../messages/common.js';
import { messagesOn } from '../messages/message.js';
import { sealable } from '../messages/personal.js';
import { taskComment, withdrawalReason } from '../questions/tasks.js';
import { customerMessages, flowsTopicOf, orderServices } from '../messages/topics.js';

const flow = { flowId: 'cancel-order-3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e', flow: 'cancel-order', version: '1' };
const fields = { flowId: z.string(), flow: z.string(), version: z.string() };
const task = { ...fields, taskId: z.string(), team: z.string(), question: z.string() };
const exampleTask = { ...flow, taskId: `${flow.flowId}.3`, team: 'purchasing', question: 'loss-on-bought-goods' };
const actor = z.string().describe('role and name: `purchasing:li`');
const input = z.object({ type: z.string() }).loose();

const waitsUntil = when.optional().describe('until when the flow waits in this state, where a deadline says so');

/** Messages about the flows of a service, from which a flow can be drawn live and explained. */
export const flowMessages = orderServices.flatMap((service) => {
  const topic = messagesOn(flowsTopicOf(service));
  return [
    topic.message('FlowStarted', {
      rule: 'CS-04',
      description: 'A flow started.',
      data: z.object({ ...fields, input, to: z.unknown(), dueAt: waitsUntil }),
      example: { ...flow, input: { type: 'CancellationRequested' }, to: 'holding' },
    }),
    topic.message('FlowMoved', {
      rule: 'CS-04',
      description: 'An input moved the flow to another state.',
      data: z.object({ ...fields, from: z.unknown(), input, to: z.unknown(), dueAt: waitsUntil }),
      example: { ...flow, from: 'holding', input: { type: 'ShipmentHeld' }, to: 'assessingLoss' },
    }),
    topic.message('TaskAsked', {
      rule: 'CS-02',
      description: 'A team was asked a question.',
      data: z.object({ ...task, dueAt: when.nullable() }),
      example: { ...exampleTask, dueAt: null },
    }),
    topic.message('TaskReminded', {
      rule: 'CS-02',
      description: 'A team was reminded of a task.',
      data: z.object({ ...task, reminder: z.int() }),
      example: { ...exampleTask, reminder: 1 },
    }),
    topic.message('DeadlinesRecounted', {
      rule: 'CS-02',
      description: 'Open deadlines of the flow were counted anew from their base: `settings` were applied with `recompute`.',
      data: z.object({
        ...{ ...fields, settings: z.string() },
        deadlines: z.array(z.object({ policy: z.string(), dueBefore: when, dueAt: when })),
      }),
      example: {
        ...{ ...flow, settings: 'settings-3' },
        deadlines: [{ policy: 'purchasingAnswer', dueBefore: '2010-12-02T08:26:00Z', dueAt: '2010-12-01T10:26:00Z' }],
      },
    }),
    topic.message('TaskDueChanged', {
      rule: 'CS-02',
      description: 'An open task is due at another time.',
      data: z.object({ ...task, dueAt: when }),
      example: { ...exampleTask, dueAt: '2010-12-01T10:26:00Z' },
    }),
    topic.message('TaskEscalated', {
      rule: 'CS-02',
      description: 'A task was escalated, after the number of reminders that the policy allows.',
      data: z.object(task),
      example: exampleTask,
    }),
    topic.message('TaskClaimed', {
      rule: 'CS-02',
      description: 'Somebody works on a task. From `until` on it is free again, without a further message.',
      data: z.object({ ...task, by: actor, until: when }),
      example: { ...exampleTask, by: 'purchasing:li', until: '2010-12-01T09:30:00Z' },
    }),
    topic.message('TaskReleased', {
      rule: 'CS-02',
      description: 'A claimed task is free again before its time: whose claim it was, and who gave it back.',
      data: z.object({ ...task, by: actor, holder: actor }),
      example: { ...exampleTask, by: 'purchasing:li', holder: 'purchasing:li' },
    }),
    topic.message('TaskHandedOver', {
      rule: 'CS-02',
      description: 'A task was handed over: `to` holds it until `until`. `from` is null where nobody held it.',
      data: z.object({ ...task, by: actor, from: actor.nullable(), to: actor, until: when }),
      example: { ...exampleTask, by: 'purchasing:li', from: 'purchasing:li', to: 'purchasing:chen', until: '2010-12-01T09:30:00Z' },
    }),
    topic.message('TaskCommented', {
      rule: 'CS-02',
      description: 'A comment on a task, for those who work on it.',
      data: z.object({ ...task, by: actor, comment: sealable(taskComment) }),
      example: { ...exampleTask, by: 'purchasing:li', comment: 'The supplier calls back at three.' },
    }),
    topic.message('TaskClosed', {
      rule: 'CS-02',
      description: 'A task was answered or withdrawn.',
      data: z.object({ ...task, how: z.enum(['answered', 'withdrawn']), reason: withdrawalReason.optional() }),
      example: { ...exampleTask, how: 'answered' },
    }),
    topic.message('InputKept', {
      rule: 'CS-04',
      description: 'An input came early. It is kept for a later state.',
      data: z.object({ ...fields, input }),
      example: { ...flow, input: { type: 'ShipmentHeld' } },
    }),
    topic.message('InputStrayed', {
      rule: 'CS-04',
      description: 'An input was ignored: it was late, a duplicate, or unexpected.',
      data: z.object({ ...fields, input, why: z.string() }),
      example: { ...flow, input: { type: 'ShipmentHeld' }, why: 'the flow has ended' },
    }),
    topic.message('FlowEnded', {
      rule: 'CS-03',
      description: 'The flow ended in this final state.',
      data: z.object({ ...fields, outcome: z.string() }),
      example: { ...flow, outcome: 'cancelled' },
    }),
    topic.message('FlowParked', {
      rule: 'CS-04',
      description: 'An input caused an error. The flow is parked until an operator acts.',
      data: z.object({ ...fields, input, error: z.string() }),
      example: { ...flow, input: { type: 'ShipmentHeld' }, error: 'why' },
    }),
    topic.message('FlowRedriven', {
      rule: 'CS-04',
      description: 'An operator redrove the flow: it handles the failed input again, then the kept inputs.',
      data: z.object({ ...fields, input }),
      example: { ...flow, input: { type: 'ShipmentHeld' } },
    }),
    topic.message('FlowDismissed', {
      rule: 'CS-03',
      description: 'An operator dismissed the flow: it ends as `dismissed`, and its tasks are withdrawn.',
      data: z.object({ ...fields, reason: z.string() }),
      example: { ...flow, reason: 'entered by hand' },
    }),
  ];
});

export const customerTold = messagesOn(customerMessages).message('CustomerTold', {
  rule: 'CS-01',
  description: 'A message to the customer: a template and its fields, never finished text.',
  data: z.object({ template: z.string(), rule: z.string(), locale: z.string(), fields: z.record(z.string(), z.unknown()) }),
  example: { template: 'order-cancelled', rule: 'ORD-13', locale: 'en', fields: { orderNumber: '536365', refund: 1530, currency: 'GBP' } },
});
