import { Inject } from '@nestjs/common';
import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { EventStore } from '@orderloom/event-sourcing';
import { NotFound } from '@orderloom/kernel';
import { EVENT_STORE } from '@orderloom/platform';
import type { CaseRow } from '../views/cases.view.js';

export interface CaseSearch {
  readonly orderNumber?: string;
  readonly status?: string;
  readonly kind?: string;
}

/** Cases: queued ones first (AFT-02), then the oldest. */
export class ListCases extends Query<{ readonly cases: readonly CaseRow[] }> {
  constructor(readonly search: CaseSearch) {
    super();
  }
}

@QueryHandler(ListCases)
export class ListCasesHandler implements IQueryHandler<ListCases> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ search }: ListCases): Promise<{ readonly cases: readonly CaseRow[] }> {
    const where = Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as Record<string, string>;
    const queued = await this.store.rows<CaseRow>('cases', { ...where, queued: 'yes' });
    const others = await this.store.rows<CaseRow>('cases', { ...where, queued: 'no' });
    return { cases: [...[...queued].sort(byAge), ...[...others].sort(byAge)] };
  }
}

const byAge = (a: CaseRow, b: CaseRow): number => (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : 0);

export class ShowCase extends Query<CaseRow> {
  constructor(readonly caseId: string) {
    super();
  }
}

@QueryHandler(ShowCase)
export class ShowCaseHandler implements IQueryHandler<ShowCase> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ caseId }: ShowCase): Promise<CaseRow> {
    const row = await this.store.row<CaseRow>('cases', caseId);
    if (!row) throw new NotFound(`case ${caseId}`);
    return row;
  }
}
