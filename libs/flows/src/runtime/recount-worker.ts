import { type EventStore, StoreUnavailable, type UnitOfWork } from '@orderloom/event-sourcing';
import { deriveId, type Instant, millis, type Policies, realTimers } from '@orderloom/kernel';
import type { FlowInstance } from '../step/instance.js';
import { type Recounted, recountDeadlines } from '../step/recount.js';
import { stepUnit } from './step-unit.js';

/** Settings by which all open deadlines are to be counted anew. */
export interface Recount {
  /** Name of the version: `settings-3`. */
  readonly version: string;
  /** The person who applied them. */
  readonly by: string;
  /** The policies of this version for what `subject` names. */
  readonly policiesOf: (subject: string) => Policies;
  /** Whether `policyVersion` is this version or takes effect after it. */
  readonly isCounted: (policyVersion: string) => boolean;
}

/** Progress of a recount, by flow id; a row of `flow_recounts` with the version as its key. */
export interface RecountProgress {
  readonly version: string;
  readonly status: 'waiting' | 'running' | 'done';
  readonly seenAt: Instant;
  /** The last flow that was looked at. */
  readonly after?: string;
  readonly flows: number;
  /** Numbers of deadlines. */
  readonly moved: number;
  readonly withoutBase: number;
  readonly uncountable: number;
  /** Flows that failed five times; their deadlines stay as they are. */
  readonly failed: number;
}

export interface RecountWorkerOptions {
  readonly store: EventStore;
  /** The recount that is due at `now`, if any. */
  readonly due: (now: Instant) => Promise<Recount | undefined>;
  readonly onError: (error: unknown) => void;
  readonly onDone?: (progress: RecountProgress) => void;
  /** Owner of the lease: unique per process. */
  readonly owner: string;
  /** Poll interval in milliseconds; 1,000 by default. */
  readonly everyMs?: number;
}

/** Statuses of the flows whose deadlines a recount counts anew. */
export const statusesWithDeadlines: readonly string[] = ['active', 'parked'];

const table = 'flow_recounts';
const leaseSeconds = 30;
const pageSize = 100;
const maxAttempts = 5;
const maxConflicts = 20;
/** Another process of the service may decide by its copy of the settings for a second; then a step under them commits. */
const settleMs = 2_000;

/** Counts open deadlines anew when settings ask for it: flow by flow, each in a unit of work, and from where it was after a crash. */
export class RecountWorker {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private readonly done = new Set<string>();
  private failing = { flowId: '', attempts: 0 };

  constructor(private readonly options: RecountWorkerOptions) {}

  start(): void {
    this.running = this.loop();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Does what is due now. Rejects with the error of the flow at which it stops; the next call goes on there. */
  async advance(): Promise<void> {
    const { store, due, onDone } = this.options;
    const now = await store.now();
    const recount = await due(now);
    if (!recount || this.done.has(recount.version)) return;
    const progress = (await store.row<RecountProgress>(table, recount.version)) ?? (await this.begin(recount, now));
    if (progress.status !== 'done') {
      if (millis(now) - millis(progress.seenAt) < settleMs || !(await this.holdsLease())) return;
      const ended = await this.walk(recount, { ...progress, status: 'running' });
      if (!ended) return;
      onDone?.(ended);
    }
    this.done.add(recount.version);
  }

  private async loop(): Promise<void> {
    const { store, onError, everyMs = 1_000 } = this.options;
    while (!this.stopping.signal.aborted) {
      await this.advance().catch(onError);
      await (store.timers ?? realTimers).delay(everyMs, this.stopping.signal);
    }
  }

  private async begin({ version, by }: Recount, seenAt: Instant): Promise<RecountProgress> {
    const none = { flows: 0, moved: 0, withoutBase: 0, uncountable: 0, failed: 0 };
    const progress: RecountProgress = { version, status: 'waiting', seenAt, ...none };
    await this.save(progress, by, 'insert');
    return progress;
  }

  private async holdsLease(): Promise<boolean> {
    return (await this.options.store.lease('recount', this.options.owner, leaseSeconds)) !== null;
  }

  /** Resolves to undefined where it was stopped or has lost the lease. */
  private async walk(recount: Recount, from: RecountProgress): Promise<RecountProgress | undefined> {
    let progress = from;
    for (;;) {
      const { after } = progress;
      const where = { status: statusesWithDeadlines };
      const page = await this.options.store.rows<FlowInstance>('flows', where, pageSize, after === undefined ? {} : { after });
      for (const { flowId } of page) {
        if (this.stopping.signal.aborted) return undefined;
        progress = await this.recountFlow(recount, flowId, progress);
      }
      if (page.length === 0) progress = { ...progress, status: 'done' };
      await this.save(progress, recount.by);
      if (progress.status === 'done') return progress;
      if (!(await this.holdsLease())) return undefined;
    }
  }

  private async recountFlow(recount: Recount, flowId: string, before: RecountProgress): Promise<RecountProgress> {
    try {
      return await this.decideAndCommit(recount, flowId, before);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      const attempts = this.failing.flowId === flowId ? this.failing.attempts + 1 : 1;
      this.failing = { flowId, attempts };
      await this.save(before, recount.by);
      if (attempts < maxAttempts) throw error;
      this.options.onError(error);
      return { ...before, after: flowId, flows: before.flows + 1, failed: before.failed + 1 };
    }
  }

  /** The progress is kept with the deadlines that it counts, so that a crash counts none twice. */
  private async decideAndCommit(recount: Recount, flowId: string, so: RecountProgress): Promise<RecountProgress> {
    const { store } = this.options;
    for (let attempt = 1; attempt <= maxConflicts; attempt += 1) {
      const before = await store.row<FlowInstance>('flows', flowId);
      const open = before ? await store.openDeadlines(before.deadlines) : [];
      const result = before && recountDeadlines(before, open, recount.policiesOf(before.subject), recount.isCounted);
      const progress = plus(so, flowId, result);
      if (!before || !result?.step) return progress;
      const outcome = await store.commit(unitOf(recount, before, result.step, progress));
      if (outcome.status === 'committed') return progress;
      if (outcome.status === 'duplicate') return plus(so, flowId, null);
    }
    throw new Error(`cannot recount the deadlines of flow ${flowId}: ${maxConflicts} conflicts with other steps; it is tried again`);
  }

  private async save(row: RecountProgress, by: string, op: 'put' | 'insert' = 'put'): Promise<void> {
    await this.options.store.commit({ meta: { by }, rows: [{ op, table, key: row.version, row }] });
  }
}

const plus = (so: RecountProgress, flowId: string, found: Recounted | null): RecountProgress => ({
  ...so,
  after: flowId,
  flows: so.flows + 1,
  moved: so.moved + (found?.moved ?? 0),
  withoutBase: so.withoutBase + (found?.withoutBase ?? 0),
  uncountable: so.uncountable + (found?.uncountable ?? 0),
});

function unitOf(
  { version, by }: Recount,
  before: FlowInstance,
  step: NonNullable<Recounted['step']>,
  progress: RecountProgress,
): UnitOfWork {
  const { flowId } = before;
  const messageId = `${version}/${flowId}`;
  const cause = { input: { type: 'SettingsApplied' }, messageId, by, meta: { by, causation: deriveId(messageId) } };
  const rows = [{ op: 'put', table, key: version, row: progress }] as const;
  return stepUnit(flowId, cause, { before, step, policyVersion: version }, { appends: [], rows: [] }, { rows });
}
