import type { FlowEvent } from './flow-event.js';

const of = { flowId: 'cancel-order-3f0c9d1e-7f6a-8b1c-9d2e-3f4a5b6c7d8e', flow: 'cancel-order', version: '1' };
const input = { type: 'ShipmentHeld', orderNumber: '536365' };
const task = { ...of, taskId: `${of.flowId}.3`, team: 'purchasing', question: 'loss-on-bought-goods' };
const asked = { ...task, about: { orderNumber: '536365' }, answers: ['LossAssessed'], dueAt: null, rule: 'ORD-12' };

/** Example data of each stored event type in its current version. */
export const flowEventExamples: { readonly [E in FlowEvent as E['type']]: E['data'] } = {
  FlowStarted: { ...of, input: { type: 'CancellationRequested', orderNumber: '536365' }, to: 'holding' },
  FlowMoved: { ...of, from: 'holding', input, to: 'assessingLoss' },
  InputKept: { ...of, input },
  InputStrayed: { ...of, input, why: 'the flow has ended' },
  TaskAsked: asked,
  TaskReminded: { ...asked, reminder: 1 },
  DeadlinesRecounted: {
    ...{ ...of, settings: 'settings-3' },
    deadlines: [{ policy: 'purchasingAnswer', dueBefore: '2010-12-02T08:26:00.000000Z', dueAt: '2010-12-01T10:26:00.000000Z' }],
  },
  TaskDueChanged: { ...task, dueAt: '2010-12-01T10:26:00.000000Z' },
  TaskEscalated: task,
  TaskClaimed: { ...task, by: 'purchasing:li', until: '2010-12-01T09:30:00.000000Z' },
  TaskReleased: { ...task, by: 'purchasing:li', holder: 'purchasing:li' },
  TaskHandedOver: { ...task, by: 'purchasing:li', from: 'purchasing:li', to: 'purchasing:chen', until: '2010-12-01T09:30:00.000000Z' },
  TaskCommented: { ...task, by: 'purchasing:li', comment: 'sealed.v1.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
  TaskClosed: { ...task, how: 'answered' },
  CommandSent: { ...of, service: 'logistics', command: 'HoldShipment', data: { orderNumber: '536365' } },
  CustomerTold: { ...of, template: 'order-cancelled', fields: { orderNumber: '536365', refund: 1530, currency: 'GBP' }, locale: 'en' },
  TeamInformed: { ...of, team: 'warehouse', notice: 'order-cancelled', about: { orderNumber: '536365' } },
  FlowParked: { ...of, input, error: 'why' },
  FlowRedriven: { ...of, input },
  FlowDismissed: { ...of, reason: 'entered by hand' },
  FlowEnded: { ...of, outcome: 'cancelled' },
};
