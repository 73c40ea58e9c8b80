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

describe('the opening of a case (AFT-01)', () => {
  it('the claim of the customer is recorded, and a kind without a flow goes to service', () => {
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake })
      .then(...says(opened(), service));
  });

  it('a return or a claim of missing items starts its flow at once', () => {
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake, kind: 'return' })
      .then(...says(opened({ kind: 'return' }), returning));
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake, kind: 'missing-items' })
      .then(...says(opened({ kind: 'missing-items' }), missing));
  });

  it('the reason that the customer declared to the marketplace goes with the flow of the case, however it begins (REF-07)', () => {
    const declared = { declaredCause: 'not-as-agreed' } as const;
    const withIt = (event: CaseEvent) => ({ ...event, data: { ...event.data, ...declared } }) as CaseEvent;
    for (const [kind, start] of [
      ['return', returning],
      ['missing-items', missing],
      ['other', service],
    ] as const)
      given(aftersalesCase)
        .when({ type: 'OpenCase', ...ids, ...intake, ...declared, kind })
        .then(...says(withIt(opened({ kind })), withIt(start)));
    given(aftersalesCase, withIt(opened()), withIt(service))
      .when({ type: 'BeginReturn', ...ids, cause: null, lines: twoUnits }, { by: 'service:mia' })
      .then(...says(withIt({ ...returning, data: { ...returning.data, openedBy: 'service:mia' } })));
    given(aftersalesCase, withIt(opened()), withIt(service))
      .when({ type: 'RecordFinding', ...ids, found: 'missing-items', note: 'packing' }, { by: 'service:mia' })
      .then(
        { type: 'CaseFound', data: { ...ids, found: 'missing-items', note: 'packing' } },
        ...says(withIt({ ...missing, data: { ...missing.data, openedBy: 'service:mia' } })),
      );
  });

  it('a return opened by a person names that person as a filer of its refund (REF-02)', () => {
    const desk = { kind: 'return', channel: 'desk' } as const;
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake, ...desk }, { by: 'service:mia' })
      .then(...says(opened({ ...desk, openedBy: 'service:mia' })), { ...returning, data: { ...returning.data, openedBy: 'service:mia' } });
  });

  it('the case is dated when the customer said it, never later than now (AFT-30)', () => {
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

  it('a case at the original order of a re-ship continues for the same people (AFT-34, REF-02)', () => {
    const sent = { reshipNumber: '536365-R1', caseId: 'case-0', withinWindow: true };
    const more = { openedBy: 'service:mia', alsoOpenedBy: ['service:zhao'], sent };
    given(aftersalesCase)
      .when({ type: 'OpenCase', ...ids, ...intake, kind: 'missing-items', channel: 're-ship', ...more }, { by: 'flow:missing-items-1' })
      .then(
        opened({ kind: 'missing-items', channel: 're-ship', openedBy: 'service:mia' }),
        ...says({ ...missing, data: { ...missing.data, ...more } }),
      );
  });

  it('a case is opened once', () => {
    given(aftersalesCase, opened())
      .when({ type: 'OpenCase', ...ids, ...intake })
      .thenNothing();
  });
});

describe('the finding of a check (AFT-03)', () => {
  const found = { type: 'RecordFinding', ...ids, found: 'missing-items', note: 'packing' } as const;
  const fact: CaseEvent = { type: 'CaseFound', data: { ...ids, found: 'missing-items', note: 'packing' } };

  it('the finding is recorded beside the claim and moves the case to its branch, as of the day of opening', () => {
    given(aftersalesCase, opened({ kind: 'not-as-described' }))
      .when(found, later)
      .then(...says(fact, { ...missing, data: { ...missing.data, openedBy: 'somebody' } }));
  });

  it('a case is moved once', () => {
    given(aftersalesCase, opened({ kind: 'missing-items' }), missing)
      .when(found, later)
      .then(fact);
  });

  it('service may let the goods come back once, which begins a return', () => {
    const begin = { type: 'BeginReturn', ...ids, cause: null, lines: twoUnits } as const;
    const byMia = { ...returning, data: { ...returning.data, openedBy: 'service:mia' } } as CaseEvent;
    given(aftersalesCase, opened())
      .when(begin, { ...later, by: 'service:mia' })
      .then(...says(byMia));
    given(aftersalesCase, opened(), returning).when(begin, later).thenRefused('case-in-flow');
  });

  it('a case moved by another person names both as filers of the refund (REF-02)', () => {
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

  it('the count of the warehouse is recorded as the finding of a return (AFT-33)', () => {
    const counted = { lines: [{ line: 1, accepted: 1, rejected: 1, stock: 'repair' }], found: 'defect', photos: ['1.jpg'] } as const;
    given(aftersalesCase, opened(), returning)
      .when({ type: 'RecordInspection', ...ids, ...counted })
      .then(...says({ type: 'GoodsInspected', data: { ...ids, ...counted } }));
  });
});

describe('evidence for a case (AFT-01)', () => {
  it('evidence is recorded, and so is its absence', () => {
    given(aftersalesCase, opened())
      .when({ type: 'RecordEvidence', ...ids, items: ['1.jpg'] })
      .then(...says({ type: 'EvidenceRecorded', data: { ...ids, items: ['1.jpg'] } }));
    given(aftersalesCase, opened())
      .when({ type: 'RecordNoEvidence', ...ids })
      .then(...says({ type: 'EvidenceLacking', data: ids }));
  });
});

describe('the handover of a case (AFT-02, AFT-04)', () => {
  it('the handover names both people, the problem, the promise and the open points', () => {
    given(aftersalesCase, opened())
      .when({ type: 'HandOverCase', ...ids, to: 'service:zhao', ...note }, { by: 'service:mia' })
      .then(...says({ type: 'CaseHandedOver', data: { ...ids, from: 'service:mia', to: 'service:zhao', ...note } }));
  });

  it('a handover to nobody waits for the first person who takes the case', () => {
    const queued: CaseEvent = { type: 'CaseHandedOver', data: { ...ids, from: 'service:mia', to: null, ...note } };
    const taken: CaseEvent = { type: 'CasePickedUp', data: { ...ids, by: 'service:zhao' } };
    const pickUp = { type: 'PickUpCase', ...ids } as const;
    given(aftersalesCase, opened(), queued)
      .when(pickUp, { by: 'service:zhao' })
      .then(...says(taken));
    given(aftersalesCase, opened(), queued, taken).when(pickUp, { by: 'service:zhao' }).thenNothing();
  });

  it('a handover of a closed or unknown case is refused', () => {
    const handOver = { type: 'HandOverCase', ...ids, to: null, ...note } as const;
    given(aftersalesCase, opened(), closed).when(handOver).thenRefused('case-closed');
    given(aftersalesCase).when(handOver).thenRefused('case-unknown');
  });
});

describe('the closing of a case (CS-03)', () => {
  const close = { type: 'CloseCase', ...ids, outcome: 'explained', cause: 'untrue' } as const;

  it('a case is closed once, with an outcome and a cause', () => {
    given(aftersalesCase, opened())
      .when(close)
      .then(...says(closed));
    given(aftersalesCase, opened(), closed).when(close).thenNothing();
  });

  it('service does not close a case that a flow has taken over', () => {
    given(aftersalesCase, opened(), returning)
      .when({ ...close, type: 'CloseWorkedCase' })
      .thenNothing();
  });

  it('only its flow closes a case that is in a flow', () => {
    given(aftersalesCase, opened(), returning).when(close).thenRefused('case-in-flow');
    given(aftersalesCase, opened(), returning)
      .when({ ...close, flow: 'return-with-refund-1' })
      .then(closed);
  });
});
