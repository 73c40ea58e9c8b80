import { z } from 'zod';
import { when } from '../messages/common.js';
import { messagesOn } from '../messages/message.js';
import { withdrawalReason } from '../questions/tasks.js';
import { customerMessages, flowsOf, services } from '../messages/topics.js';

const flow = { flowId: 'cancel-order-3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e', flow: 'cancel-order', version: '1' };
const fields = { flowId: z.string(), flow: z.string(), version: z.string() };
const task = { ...fields, taskId: z.string(), team: z.string(), question: z.string() };
const exampleTask = { ...flow, taskId: `${flow.flowId}.3`, team: 'purchasing', question: 'loss-on-bought-goods' };
const input = z.object({ type: z.string() }).loose();

/** What a service says of its flows: enough to draw them live and to ask why. */
export const flowMessages = services.flatMap((service) => {
  const says = messagesOn(flowsOf(service));
  return [
    says.message('FlowStarted', {
      rule: 'CS-04',
      says: 'A case began.',
      data: z.object({ ...fields, input, to: z.unknown() }),
      example: { ...flow, input: { type: 'CancellationRequested' }, to: 'holding' },
    }),
    says.message('FlowMoved', {
      rule: 'CS-04',
      says: 'An input moved it.',
      data: z.object({ ...fields, from: z.unknown(), input, to: z.unknown() }),
      example: { ...flow, from: 'holding', input: { type: 'ShipmentHeld' }, to: 'assessingLoss' },
    }),
    says.message('TaskAsked', {
      rule: 'CS-02',
      says: 'A team was asked.',
      data: z.object({ ...task, dueAt: when.nullable() }),
      example: { ...exampleTask, dueAt: null },
    }),
    says.message('TaskReminded', {
      rule: 'CS-02',
      says: 'A team was reminded.',
      data: z.object({ ...task, reminder: z.int() }),
      example: { ...exampleTask, reminder: 1 },
    }),
    says.message('TaskEscalated', { rule: 'CS-02', says: 'Reminded often enough.', data: z.object(task), example: exampleTask }),
    says.message('TaskClosed', {
      rule: 'CS-02',
      says: 'Answered, or withdrawn.',
      data: z.object({ ...task, how: z.enum(['answered', 'withdrawn']), reason: withdrawalReason.optional() }),
      example: { ...exampleTask, how: 'answered' },
    }),
    says.message('InputKept', {
      rule: 'CS-04',
      says: 'Early: kept for a later state.',
      data: z.object({ ...fields, input }),
      example: { ...flow, input: { type: 'ShipmentHeld' } },
    }),
    says.message('InputStrayed', {
      rule: 'CS-04',
      says: 'Late, second or stray: changed nothing.',
      data: z.object({ ...fields, input, why: z.string() }),
      example: { ...flow, input: { type: 'ShipmentHeld' }, why: 'the flow has ended' },
    }),
    says.message('FlowEnded', {
      rule: 'CS-03',
      says: 'In this final state.',
      data: z.object({ ...fields, outcome: z.string() }),
      example: { ...flow, outcome: 'cancelled' },
    }),
    says.message('FlowParked', {
      rule: 'CS-04',
      says: 'An input threw; kept for repair.',
      data: z.object({ ...fields, input, error: z.string() }),
      example: { ...flow, input: { type: 'ShipmentHeld' }, error: 'why' },
    }),
    says.message('FlowRedriven', {
      rule: 'CS-04',
      says: 'Somebody repaired it: it goes on with what had thrown, then with what it kept.',
      data: z.object({ ...fields, input }),
      example: { ...flow, input: { type: 'ShipmentHeld' } },
    }),
    says.message('FlowDismissed', {
      rule: 'CS-03',
      says: 'Somebody gave it up: it ends as `dismissed`, its tasks are withdrawn.',
      data: z.object({ ...fields, reason: z.string() }),
      example: { ...flow, reason: 'entered by hand' },
    }),
  ];
});

export const customerTold = messagesOn(customerMessages).message('CustomerTold', {
  rule: 'CS-01',
  says: 'To be said to the customer: a template and its fields, never finished text.',
  data: z.object({ template: z.string(), rule: z.string(), locale: z.string(), fields: z.record(z.string(), z.unknown()) }),
  example: { template: 'order-cancelled', rule: 'ORD-13', locale: 'en', fields: { orderNumber: '536365', refund: 1530, currency: 'GBP' } },
});
