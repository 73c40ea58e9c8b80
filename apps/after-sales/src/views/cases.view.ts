import type { Projection } from '@orderloom/event-sourcing';
import type { CaseEvent } from '../case-facts.js';

/** A case in lists and searches. `queued`: handed over to nobody, and picked up first (AFT-02). */
export interface CaseRow {
  readonly caseId: string;
  readonly orderNumber: string;
  readonly status: 'open' | 'closed';
  readonly queued: 'yes' | 'no';
  readonly kind: string;
  readonly cause: string | null;
  readonly found: string | null;
  readonly lines: readonly { readonly line: number; readonly quantity: number }[];
  readonly text: string;
  readonly owner: string | null;
  readonly evidence: readonly string[];
  readonly inspected: readonly object[];
  readonly handOvers: readonly object[];
  readonly openedAt: string;
  readonly outcome: string | null;
  readonly outcomeCause: string | null;
}

type Data<T extends CaseEvent['type']> = Extract<CaseEvent, { type: T }>['data'];

export const casesView: Projection<CaseEvent, CaseRow> = {
  table: 'cases',
  key: (event) => event.data.caseId,
  evolve: (row, event) => {
    if (event.type === 'CaseOpened') {
      const { caseId, orderNumber, kind, cause, lines, text, openedAt } = event.data as Data<'CaseOpened'>;
      return {
        ...{ caseId, orderNumber, status: 'open', queued: 'no', kind, cause, found: null, lines, text, owner: null },
        ...{ evidence: [], inspected: [], handOvers: [], openedAt, outcome: null, outcomeCause: null },
      };
    }
    return row && { ...row, ...changed(row, event) };
  },
};

function changed(row: CaseRow, { type, data, occurredAt }: { type: string; data: object; occurredAt: string }): Partial<CaseRow> {
  switch (type) {
    case 'ReturnBegun':
      return { cause: (data as Data<'ReturnBegun'>).cause, lines: (data as Data<'ReturnBegun'>).lines };
    case 'MissingItemsBegun':
      return { lines: (data as Data<'MissingItemsBegun'>).lines };
    case 'EvidenceRecorded':
      return { evidence: [...row.evidence, ...(data as Data<'EvidenceRecorded'>).items] };
    case 'CaseFound':
      return { found: (data as Data<'CaseFound'>).found };
    case 'GoodsInspected':
      return { found: (data as Data<'GoodsInspected'>).found, inspected: (data as Data<'GoodsInspected'>).lines };
    case 'CaseHandedOver': {
      const { from, to, problem, promised, open } = data as Data<'CaseHandedOver'>;
      const handOvers = [...row.handOvers, { from, to, problem, promised, open, at: occurredAt }];
      return { owner: to, queued: to === null ? 'yes' : 'no', handOvers };
    }
    case 'CasePickedUp':
      return { owner: (data as Data<'CasePickedUp'>).by, queued: 'no' };
    case 'CaseClosed': {
      const { outcome, cause } = data as Data<'CaseClosed'>;
      return { status: 'closed', queued: 'no', outcome, outcomeCause: cause };
    }
    default:
      return {};
  }
}
