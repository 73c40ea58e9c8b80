import { defineFlow, end, type FactOf, notation, starts } from '@orderloom/flows';
import { isMerchants } from '../purchase/purchase-details.js';
import { policies } from '../policies.js';
import { ids, type Own } from './fragments.js';

interface Evidence extends Pick<FactOf<'CaseOpened'>, 'orderNumber' | 'caseId' | 'kind' | 'cause' | 'lines'> {
  readonly items: readonly string[];
}

const { asking, keep, send } = notation<Evidence, Own>();

/** AFT-01 取证: photos of product and packaging, video; asked for with a deadline, reminded twice. The case goes on meanwhile. */
export const gatherEvidence = defineFlow<Evidence>()({
  service: 'after-sales',
  policies,
  startedBy: { CaseOpened: starts({ items: [] }, 'orderNumber', 'caseId', 'kind', 'cause', 'lines') },
  listensTo: ['CaseClosed'],
}).chart({
  id: 'gather-evidence',
  version: '1',
  initial: 'looking',
  states: {
    looking: { description: 'AFT-01', always: [{ guard: somethingToShow, target: 'asking' }, { target: 'notNeeded' }] },
    asking: asking('AFT-01', 'give-evidence', (c) => ({ ...ids(c), kind: c.kind, lines: c.lines }), {
      on: {
        EvidenceGiven: { target: 'given', actions: keep('items') },
        CaseClosed: { guard: thisCase, target: 'notNeeded' },
      },
      after: { evidence: 'lacking' },
      remindedAfter: 'evidenceReminder',
    }),
    given: end(
      'AFT-01',
      send('after-sales', 'RecordEvidence', (c) => ({ ...ids(c), items: c.items })),
    ),
    lacking: end('AFT-01', send('after-sales', 'RecordNoEvidence', ids)),
    notNeeded: end('AFT-01'),
  },
});

function somethingToShow({ kind, cause }: Evidence) {
  return ['not-as-described', 'wrong-item', 'missing-items', 'quality'].includes(kind) || (kind === 'return' && isMerchants(cause));
}
function thisCase({ caseId }: Evidence, input: { readonly caseId: string }) {
  return input.caseId === caseId;
}
