import { given, givenNow } from '@orderloom/event-sourcing';
import { aftersalesCase } from './case.js';
import type { CaseEvent } from './case-facts.js';
import { contractFaults, ids, twoUnits } from './case.fixture.js';

const intake = { kind: 'other', cause: null, lines: twoUnits, text: 'too big', channel: 'storefront' } as const;
const opened = (more: object = {}): CaseEvent => ({ type: 'CaseOpened', data: { ...ids, ...intake, ...more, openedAt: givenNow } });
const returning: CaseEvent = {
  type: 'ReturnBegun',
  data: { ...ids, cause: null, lines: twoUnits, reason: 'too big', openedAt: givenNow },
};
const missing: CaseEvent = { type: 'MissingItemsBegun', data: { ...ids, lines: twoUnits, reason: 'too big', openedAt: givenNow } };
const service: CaseEvent = {
  type: 'CaseLeftToService',
  data: { ...ids, kind: 'other', cause: null, lines: twoUnits, text: 'too big' },
};
const closed: CaseEvent = { type: 'CaseClosed', data: { ...ids, outcome: 'explained', cause: 'untrue' } };
const note = { problem: 'the colour', promised: 'an answer today', open: 'the cause' };
const later = { now: '2010-12-20T09:00:00.000000Z' };

const facts: CaseEvent[] = [];
/** Every fact that a rule here expects must also be as the contract says. */
const says = (...events: CaseEvent[]): CaseEvent[] => {
  facts.push(...events);
  return events;
};
afterAll(() => expect(contractFaults(...facts)).toEqual([]));

describe('opening a case (AFT-01)', () => {
  it('keeps what the customer claims; most kinds are the work of service', () => {
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake })
      .then(...says(opened(), service));
  });

  it('begins a return, or looks for missing items, at once', () => {
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake, kind: 'return' })
      .then(...says(opened({ kind: 'return' }), returning));
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake, kind: 'missing-items' })
      .then(...says(opened({ kind: 'missing-items' }), missing));
  });

  it('says which person let goods come back, who never approves their refund then (REF-02)', () => {
    const desk = { kind: 'return', channel: 'desk' } as const;
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake, ...desk }, { by: 'service:mia' })
      .then(...says(opened({ ...desk, openedBy: 'service:mia' })), { ...returning, data: { ...returning.data, openedBy: 'service:mia' } });
  });

  it('counts from when the customer said it, however late it is read, and never from a time to come (AFT-30)', () => {
    const earlier = '2010-11-30T09:00:00.000000Z';
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake, kind: 'return', saidAt: earlier })
      .then({ ...opened({ kind: 'return' }), data: { ...opened({ kind: 'return' }).data, openedAt: earlier } } as CaseEvent, {
        ...returning,
        data: { ...returning.data, openedAt: earlier },
      });
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake, saidAt: later.now })
      .then(opened(), service);
  });

  it('at the original order of a re-ship goes on with what it brought, as who opened the first case (AFT-34, REF-02)', () => {
    const sent = { reshipNumber: '536365-R1', caseId: 'case-0', withinWindow: true };
    const more = { openedBy: 'service:mia', alsoOpenedBy: ['service:zhao'], sent };
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake, kind: 'missing-items', channel: 're-ship', ...more }, { by: 'flow:missing-items-1' })
      .then(
        opened({ kind: 'missing-items', channel: 're-ship', openedBy: 'service:mia' }),
        ...says({ ...missing, data: { ...missing.data, ...more } }),
      );
  });

  it('happens once', () => {
    given(aftersalesCase, opened())
      .when({ type: 'OpenCase', ...ids, ...intake })
      .thenNothing();
  });
});

describe('what the check finds (AFT-03)', () => {
  const found = { type: 'RecordFinding', ...ids, found: 'missing-items', note: 'packing' } as const;
  const fact: CaseEvent = { type: 'CaseFound', data: { ...ids, found: 'missing-items', note: 'packing' } };

  it('stands beside the claim and moves the case to that branch, as of the day when it was opened', () => {
    given(aftersalesCase, opened({ kind: 'not-as-described' }))
      .when(found, later)
      .then(...says(fact, { ...missing, data: { ...missing.data, openedBy: 'somebody' } }));
  });

  it('moves a case once', () => {
    given(aftersalesCase, opened({ kind: 'missing-items' }), missing)
      .when(found, later)
      .then(fact);
  });

  it('that lets the goods come back begins a return, once', () => {
    const begin = { type: 'BeginReturn', ...ids, cause: null, lines: twoUnits } as const;
    const byMia = { ...returning, data: { ...returning.data, openedBy: 'service:mia' } } as CaseEvent;
    given(aftersalesCase, opened())
      .when(begin, { ...later, by: 'service:mia' })
      .then(...says(byMia));
    given(aftersalesCase, opened(), returning).when(begin, later).thenRefused('case-in-flow');
  });

  it('that moves a case of somebody else to its branch is filed by both: neither approves what is refunded (REF-02)', () => {
    const byMia = opened({ kind: 'quality', channel: 'desk', openedBy: 'service:mia' });
    const both = { openedBy: 'service:zhao', alsoOpenedBy: ['service:mia'] };
    given(aftersalesCase, byMia)
      .when({ type: 'BeginReturn', ...ids, cause: null, lines: twoUnits }, { ...later, by: 'service:zhao' })
      .then(...says({ ...returning, data: { ...returning.data, ...both } }));
    given(aftersalesCase, byMia)
      .when(found, { ...later, by: 'service:zhao' })
      .then(fact, ...says({ ...missing, data: { ...missing.data, ...both } }));
    given(aftersalesCase, byMia)
      .when(found, { ...later, by: 'service:mia' })
      .then(fact, { ...missing, data: { ...missing.data, openedBy: 'service:mia' } });
  });

  it('of a return is what the warehouse counted, and where it goes (AFT-33)', () => {
    const counted = { lines: [{ line: 1, accepted: 1, rejected: 1, stock: 'repair' }], found: 'defect', photos: ['1.jpg'] } as const;
    given(aftersalesCase, opened(), returning)
      .when({ type: 'RecordInspection', ...ids, ...counted })
      .then(...says({ type: 'GoodsInspected', data: { ...ids, ...counted } }));
  });
});

describe('evidence (AFT-01)', () => {
  it('is kept, and so is that there is none', () => {
    given(aftersalesCase, opened())
      .when({ type: 'RecordEvidence', ...ids, items: ['1.jpg'] })
      .then(...says({ type: 'EvidenceRecorded', data: { ...ids, items: ['1.jpg'] } }));
    given(aftersalesCase, opened())
      .when({ type: 'RecordNoEvidence', ...ids })
      .then(...says({ type: 'EvidenceLacking', data: ids }));
  });
});

describe('handing a case over (AFT-02, AFT-04)', () => {
  it('says from whom to whom, the problem, what was promised and what is open', () => {
    given(aftersalesCase, opened())
      .when({ type: 'HandOverCase', ...ids, to: 'service:zhao', ...note }, { by: 'service:mia' })
      .then(...says({ type: 'CaseHandedOver', data: { ...ids, from: 'service:mia', to: 'service:zhao', ...note } }));
  });

  it('to nobody leaves it to whoever picks it up, once', () => {
    const queued: CaseEvent = { type: 'CaseHandedOver', data: { ...ids, from: 'service:mia', to: null, ...note } };
    const taken: CaseEvent = { type: 'CasePickedUp', data: { ...ids, by: 'service:zhao' } };
    const pickUp = { type: 'PickUpCase', ...ids } as const;
    given(aftersalesCase, opened(), queued)
      .when(pickUp, { by: 'service:zhao' })
      .then(...says(taken));
    given(aftersalesCase, opened(), queued, taken).when(pickUp, { by: 'service:zhao' }).thenNothing();
  });

  it('is too late once it is closed, and needs a case', () => {
    const handOver = { type: 'HandOverCase', ...ids, to: null, ...note } as const;
    given(aftersalesCase, opened(), closed).when(handOver).thenRefused('case-closed');
    given(aftersalesCase).when(handOver).thenRefused('case-unknown');
  });
});

describe('the end of a case (CS-03)', () => {
  const close = { type: 'CloseCase', ...ids, outcome: 'explained', cause: 'untrue' } as const;

  it('has an outcome and a cause, once', () => {
    given(aftersalesCase, opened())
      .when(close)
      .then(...says(closed));
    given(aftersalesCase, opened(), closed).when(close).thenNothing();
  });

  it('is not service’s any more where a flow has it by then', () => {
    given(aftersalesCase, opened(), returning)
      .when({ ...close, type: 'CloseWorkedCase' })
      .thenNothing();
  });

  it('is for its flow to say where one has it', () => {
    given(aftersalesCase, opened(), returning).when(close).thenRefused('case-in-flow');
    given(aftersalesCase, opened(), returning)
      .when({ ...close, flow: 'return-with-refund-1' })
      .then(closed);
  });
});
