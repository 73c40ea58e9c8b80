import { brokenDuties, violatedInvariants, givenFlow, outcomesOf, rulesOf, enumeratePaths } from '@orderloom/flows';
import { orderNumber } from '../order.fixture.js';
import { order } from '../order.module.js';
import { traceCapture } from './trace-capture.js';

const ids = { orderNumber, captureId: 'capture-1', reference: 'pay-536365', amount: 1500, currency: 'GBP' };
const early = { type: 'CaptureAwaitsOrder', ...ids, method: 'card', capturedAt: '2010-12-01T10:00:00.000000Z' };
const begun = () => givenFlow(traceCapture, early);
const { captureId, ...about } = ids;

describe('a payment captured before its order is known (ORD-01)', () => {
  it('the flow waits for the order and ends when the capture is recorded', () => {
    begun().then('waiting').when('CaptureRecorded', { captureId }).then('recorded', 'end: recorded');
  });

  it('another capture does not end the flow', () => {
    begun().when('CaptureRecorded', { captureId: 'capture-2' }).then('waiting');
  });

  it('finance traces the capture if no order comes within a day, until one does', () => {
    const flow = begun().due('orderOfCapture').then('tracing', 'ask finance: trace-capture');
    expect(flow.task('trace-capture').about).toEqual({ ...about, reason: 'there is no order of this number' });
    flow.answered('trace-capture', 'CaptureTraced', { note: 'paid back by hand' }).then('traced', 'end: traced');
    begun()
      .due('orderOfCapture')
      .when('CaptureRecorded', { captureId })
      .then('recorded', 'withdraw finance: trace-capture', 'end: recorded');
  });

  it('finance traces a capture that does not fit its order, with the reason', () => {
    const flow = begun().when('CaptureRefused', { captureId, reason: 'more than the total' }).then('tracing', 'ask finance: trace-capture');
    expect(flow.task('trace-capture').about).toEqual({ ...about, reason: 'more than the total' });
  });
});

describe('all paths of trace-capture', () => {
  const inputs = [
    { type: 'CaptureRecorded', captureId },
    { type: 'CaptureRefused', captureId, reason: 'more than the total' },
    { type: 'CaptureTraced', note: 'paid back by hand' },
  ];
  const walks = [enumeratePaths(traceCapture, early, inputs)];

  it('no path violates the invariants of flows or leaves a duty open', () => {
    expect(violatedInvariants(traceCapture, walks, Object.keys(order.commands))).toEqual({});
    expect(brokenDuties(walks)).toEqual({});
  });

  it('the outcomes are recorded and traced', () => {
    expect(outcomesOf(walks.flatMap(({ all }) => all))).toEqual(['recorded', 'traced']);
    expect(rulesOf(traceCapture)).toEqual(['ORD-01']);
  });
});
