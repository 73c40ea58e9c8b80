import { effects, defineFlow, narrowInput } from '@orderloom/flows';
import type { CaseKind } from '../case-facts.js';
import { isMerchants, type LineQuantity, type ReturnCause } from '../purchase/purchase-details.js';
import { policies } from '../policies.js';

interface Evidence {
  orderNumber: string;
  caseId: string;
  kind: CaseKind;
  cause: ReturnCause | null;
  lines: readonly LineQuantity[];
  items: readonly string[];
}

type Input = { type: 'EvidenceGiven'; items: string[] } | { type: 'CaseClosed'; caseId: string };

const { ask, remind, send } = effects<Evidence>();
const ids = ({ orderNumber, caseId }: Evidence) => ({ orderNumber, caseId });

const flow = defineFlow<Evidence, Input>()({
  service: 'after-sales',
  policies,
  startedBy: {
    CaseOpened: ({ orderNumber, caseId, kind, cause, lines }: Evidence) => ({ orderNumber, caseId, kind, cause, lines, items: [] }),
  },
  listensTo: ['CaseClosed'],
  guards: {
    somethingToShow: ({ kind, cause }) =>
      ['not-as-described', 'wrong-item', 'missing-items', 'quality'].includes(kind) || (kind === 'return' && isMerchants(cause)),
    thisCase: ({ caseId }, input) => narrowInput(input, 'CaseClosed').caseId === caseId,
  },
  notes: { noteItems: (_, input) => ({ items: narrowInput(input, 'EvidenceGiven').items }) },
});

/** AFT-01 取证: photos of product and packaging, video; asked for with a deadline, reminded twice. The case goes on meanwhile. */
export const gatherEvidence = flow.chart({
  id: 'gather-evidence',
  version: '1',
  initial: 'looking',
  states: {
    looking: { description: 'AFT-01', always: [{ guard: 'somethingToShow', target: 'asking' }, { target: 'notNeeded' }] },
    asking: {
      description: 'AFT-01',
      entry: ask('customer', 'give-evidence', ({ items: _items, cause: _cause, ...about }) => about),
      on: {
        EvidenceGiven: { target: 'given', actions: 'noteItems' },
        CaseClosed: { guard: 'thisCase', target: 'notNeeded' },
      },
      after: { evidence: 'lacking', evidenceReminder: { actions: remind('customer') } },
    },
    given: {
      type: 'final',
      description: 'AFT-01',
      entry: send('after-sales', 'RecordEvidence', (c) => ({ ...ids(c), items: c.items })),
    },
    lacking: { type: 'final', description: 'AFT-01', entry: send('after-sales', 'RecordNoEvidence', ids) },
    notNeeded: { type: 'final', description: 'AFT-01' },
  },
});
