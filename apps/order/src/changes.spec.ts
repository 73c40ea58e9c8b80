import { given } from '@orderloom/event-sourcing';
import { InvalidInput } from '@orderloom/kernel';
import { order } from './order.js';
import type { OrderEvent } from './order-facts.js';
import { accepted, changeClosed, elsewhere, contractFaults, orderNumber, placed } from './order.fixture.js';

const { lines, payment, currency } = placed;
const { promisedDispatchBy } = accepted.data;
const flow = 'change-address-1';
const moving: OrderEvent = {
  type: 'AddressChangeRequested',
  data: { orderNumber, changeId: 'change-1', address: elsewhere, deliverable: true, promisedDispatchBy },
};
const ask = { type: 'RequestCancellation', orderNumber, changeId: 'change-2', reason: 'ordered twice' } as const;
const waiting = (more: object = {}, changeId = 'change-2'): OrderEvent => ({
  type: 'CancellationQueued',
  data: { orderNumber, changeId, reason: 'ordered twice', behind: 'change-1', ...more },
});
const begun = (more: object = {}, changeId = 'change-2'): OrderEvent => ({
  type: 'CancellationRequested',
  data: {
    ...{ orderNumber, changeId, reason: 'ordered twice', whole: true, lines, paid: 1500, payment, currency, promisedDispatchBy },
    ...more,
  },
});
const parts = [
  { kind: 'goods', amount: 1200 },
  { kind: 'freight', amount: 300 },
] as const;
const cancelled: OrderEvent = {
  type: 'OrderCancelled',
  data: { orderNumber, changeId: 'change-1', refund: 1500, parts, agreedLoss: 0, currency, reason: 'not to be had', flow },
};

describe('a cancellation requested while another change is open (ORD-14)', () => {
  it('the request is queued with all its data, whatever kind of change is open', () => {
    given(order, accepted, moving).when(ask).then(waiting());
    given(order, accepted, begun({}, 'change-1')).when(ask).then(waiting());
    const some = [{ line: 1, quantity: 5 }];
    const both = { requestedBy: 'service:anna', alsoRequestedBy: ['service:mia'] };
    given(order, accepted, moving)
      .when({ ...ask, ...both })
      .then(waiting(both));
    expect(contractFaults(waiting(both), begun(both))).toEqual([]);
    given(order, accepted, moving)
      .when({ ...ask, lines: some }, { by: 'service:anna' })
      .then(waiting({ lines: some, requestedBy: 'service:anna' }));
    expect(contractFaults(waiting({ lines: some, requestedBy: 'service:anna' }))).toEqual([]);
  });

  it.each([
    [
      'is changed',
      { type: 'ChangeAddress', orderNumber, changeId: 'change-1', address: elsewhere, flow },
      'AddressChanged',
      { address: elsewhere },
      changeClosed(['address-changed'], { address: elsewhere }),
    ],
    [
      'is kept',
      { type: 'RefuseAddressChange', orderNumber, changeId: 'change-1', reason: 'shipped', flow },
      'AddressChangeRefused',
      { reason: 'shipped' },
      changeClosed([]),
    ],
  ] as const)('the queued cancellation starts when the address %s', (_, command, type, data, over) => {
    const closed = { type, data: { orderNumber, changeId: 'change-1', ...data, flow } } as OrderEvent;
    given(order, accepted, moving, waiting()).when(command).then(closed, over, begun());
    expect(contractFaults(over)).toEqual([]);
  });

  it('queued cancellations start one after the other, each when the one before it is refused', () => {
    const refuse = { type: 'RefuseCancellation', orderNumber, changeId: 'change-1', reason: 'no agreement', flow } as const;
    const refused: OrderEvent = { type: 'CancellationRefused', data: { orderNumber, changeId: 'change-1', reason: 'no agreement', flow } };
    const history = [accepted, begun({}, 'change-1'), waiting(), waiting({}, 'change-3')] as const;
    given(order, ...history)
      .when(refuse)
      .then(refused, changeClosed([]), begun());
    given(order, ...history, refused, begun())
      .when({ ...refuse, changeId: 'change-2' })
      .then(
        { ...refused, data: { ...refused.data, changeId: 'change-2' } },
        changeClosed([], { changeId: 'change-2' }),
        begun({}, 'change-3'),
      );
  });

  it('a cancellation queued behind an address change starts after it, and a second one does not cancel the same lines twice', () => {
    const change = { orderNumber, changeId: 'change-1', address: elsewhere, flow } as const;
    const moved: OrderEvent = { type: 'AddressChanged', data: change };
    const history = [accepted, moving, waiting(), waiting({}, 'change-3')] as const;
    given(order, accepted, moving, waiting())
      .when({ ...ask, changeId: 'change-3' })
      .then(waiting({}, 'change-3'));
    given(order, ...history)
      .when({ type: 'ChangeAddress', ...change })
      .then(moved, changeClosed(['address-changed'], { address: elsewhere }), begun());
    const cancel = { type: 'CancelOrder', orderNumber, changeId: 'change-2', whole: true, lines: [], agreedLoss: 0, flow } as const;
    const over: OrderEvent = { ...cancelled, data: { ...cancelled.data, changeId: 'change-2' } };
    given(order, ...history, moved, begun())
      .when({ ...cancel, reason: 'not to be had' })
      .then(over, changeClosed(['lines-cancelled'], { changeId: 'change-2', lines: [], address: elsewhere }));
    given(order, ...history, moved, begun(), over)
      .when({ ...cancel, changeId: 'change-3', reason: 'not to be had' })
      .thenNothing();
  });

  it('a queued cancellation starts with the lines that are left, even if none are', () => {
    const first = begun({ whole: false, lines: [lines[0]] }, 'change-1');
    const cancel = { type: 'CancelOrder', orderNumber, changeId: 'change-1', whole: false, agreedLoss: 0, reason: 'twice', flow } as const;
    const asked = [{ line: 1, quantity: 10 }];
    const part: OrderEvent = {
      type: 'OrderLinesCancelled',
      data: {
        ...{ orderNumber, changeId: 'change-1', lines: asked, remaining: lines.slice(1), currency, reason: 'twice', flow },
        refund: 800,
        parts: [{ kind: 'goods', amount: 800 }],
        agreedLoss: 0,
      },
    };
    given(order, accepted, first, waiting({ lines: asked }))
      .when({ ...cancel, lines: asked })
      .then(part, changeClosed(['lines-cancelled'], { lines: lines.slice(1) }), begun({ whole: false, lines: [], paid: 0 }));
    given(order, accepted, first, waiting())
      .when({ ...cancel, lines: asked })
      .then(part, changeClosed(['lines-cancelled'], { lines: lines.slice(1) }), begun({ lines: lines.slice(1), paid: 700 }));
  });

  it('a queued cancellation is dropped when the order is cancelled', () => {
    const cancel = { type: 'CancelOrder', orderNumber, changeId: 'change-1', whole: true, lines: [], agreedLoss: 0, flow } as const;
    given(order, accepted, begun({}, 'change-1'), waiting())
      .when({ ...cancel, reason: 'not to be had' })
      .then(cancelled, changeClosed(['lines-cancelled'], { lines: [] }));
  });
});

describe('an order that two flows cancel (ORD-12, ORD-13)', () => {
  const theirs: OrderEvent = {
    type: 'OrderCancelled',
    data: { orderNumber, changeId: 'not-to-be-had', refund: 1400, agreedLoss: 100, currency, reason: 'not to be had', flow: 'fulfil-1' },
  };
  const cancel = { type: 'CancelOrder', orderNumber, whole: true, lines: [], agreedLoss: 300, reason: 'ordered twice', flow } as const;

  it('is decided once: the second hears the amounts and the reason of the first, and nothing more is refunded or lost', () => {
    const heard: OrderEvent = {
      type: 'OrderCancelled',
      data: {
        ...{ orderNumber, changeId: 'change-2', refund: 0, agreedLoss: 0, currency, reason: 'ordered twice', flow },
        decided: { changeId: 'not-to-be-had', refund: 1400, agreedLoss: 100, reason: 'not to be had' },
      },
    };
    given(order, accepted, begun(), theirs)
      .when({ ...cancel, changeId: 'change-2' })
      .then(heard, changeClosed([], { changeId: 'change-2', lines: [] }));
    given(order, accepted, begun(), theirs, heard)
      .when({ ...cancel, changeId: 'change-2' })
      .thenNothing();
    expect(contractFaults(heard)).toEqual([]);
  });

  it('a refused second cancellation carries the amounts of the first one', () => {
    const refused: OrderEvent = {
      type: 'CancellationRefused',
      data: {
        ...{ orderNumber, changeId: 'change-2', reason: 'no agreement', flow },
        decided: { changeId: 'not-to-be-had', refund: 1400, agreedLoss: 100, reason: 'not to be had' },
      },
    };
    given(order, accepted, begun(), theirs)
      .when({ type: 'RefuseCancellation', orderNumber, changeId: 'change-2', reason: 'no agreement', flow })
      .then(refused, changeClosed([], { changeId: 'change-2', lines: [] }));
    expect(contractFaults(refused)).toEqual([]);
  });
});

describe('a cancellation requested by a flow of another service', () => {
  const asked = { ...ask, caseId: 'c-1', flow: 'return-with-refund-1' };
  const refusal = (code: string, reason: unknown): OrderEvent =>
    ({
      type: 'CancellationRequestRefused',
      data: { orderNumber, code, reason, caseId: 'c-1', flow: 'return-with-refund-1' },
    }) as OrderEvent;

  it('the started cancellation carries the case and the flow that requested it', () => {
    const of = { caseId: 'c-1', flow: 'return-with-refund-1' };
    given(order, accepted).when(asked, { by: 'flow:return-with-refund-1' }).then(begun(of));
    given(order, accepted, moving).when(asked, { by: 'flow:return-with-refund-1' }).then(waiting(of));
    given(order, accepted)
      .when({ ...asked, requestedBy: 'service:mia' }, { by: 'flow:return-with-refund-1' })
      .then(begun({ ...of, requestedBy: 'service:mia' }));
    expect(contractFaults(begun(of), waiting(of))).toEqual([]);
  });

  it('a violated rule becomes an event with that flow, never a parked command', () => {
    given(order)
      .when(asked)
      .then(refusal('order-unknown', `there is no order ${orderNumber}`));
    given(order, accepted, cancelled).when(asked).then(refusal('order-cancelled', 'the order is cancelled'));
    const { message } = new InvalidInput([{ field: 'lines.0.quantity', message: 'is 99, but line 1 has 10 left' }]);
    given(order, accepted)
      .when({ ...asked, lines: [{ line: 1, quantity: 99 }] })
      .then(refusal('invalid-request', message));
    expect(contractFaults(refusal('order-unknown', 'there is no order 536365'))).toEqual([]);
  });
});
