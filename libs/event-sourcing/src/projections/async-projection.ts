import { randomUUID } from 'node:crypto';
import type { AnyDecider, Projection } from '../decider/decider.js';
import { nextTable } from '../postgres/row-table.js';
import type { EventStore } from '../store/store.js';
import { Pump } from '../relay/pump.js';
import { ProjectionWriter } from './projection-writer.js';

export interface AsyncProjectionOptions {
  readonly store: EventStore;
  /** Name of the checkpoint. */
  readonly name: string;
  readonly views: readonly Projection[];
  /** Deciders whose upcasters are applied first. */
  readonly deciders?: readonly AnyDecider[];
  readonly owner?: string;
  readonly batch?: number;
  readonly leaseSeconds?: number;
  readonly onError?: (error: unknown) => void;
}

/**
 * Updates projections asynchronously from the log: a row is the fold of the events up to the checkpoint. A rebuild uses separate tables
 * `<table>_next` (blue/green).
 */
export class AsyncProjection {
  private readonly pump: Pump;
  private readonly owner: string;
  private readonly live: ProjectionWriter;
  /** The rebuild that will replace the live projection. */
  private next: ProjectionWriter | undefined;
  private mustRestart = false;
  private catchUpCallbacks: (() => void)[] = [];
  private unsubscribe: () => void = () => undefined;

  constructor(private readonly options: AsyncProjectionOptions) {
    const { store, owner = randomUUID(), onError } = options;
    this.owner = owner;
    this.live = this.createWriter(`view/${options.name}`, options.views);
    this.pump = new Pump(
      () => this.step(),
      (error) => onError?.(error),
      store.timers,
    );
  }

  start(): void {
    this.unsubscribe = this.options.store.onCommit(() => this.pump.wake());
    this.pump.start();
  }

  async stop(): Promise<void> {
    this.unsubscribe();
    await this.pump.stop();
    await this.live.release();
    await this.next?.release();
  }

  /** Resolves when all currently readable events are projected. */
  caughtUp(): Promise<void> {
    return new Promise((resolve) => {
      this.catchUpCallbacks.push(resolve);
      this.pump.wake();
    });
  }

  /**
   * Rebuilds the projections from the first event in separate tables, while the live ones stay up to date; resolves when all tables are
   * replaced in one transaction. An unfinished rebuild of another process is restarted.
   */
  async rebuild(): Promise<void> {
    this.mustRestart = true;
    await this.caughtUp();
  }

  private async step(): Promise<boolean> {
    const callbacks = this.catchUpCallbacks;
    this.catchUpCallbacks = [];
    try {
      const handled = await this.live.step();
      const built = this.mustRestart || this.next ? await this.build() : undefined;
      if (atEnd(handled) && !this.mustRestart && !this.next) for (const resolve of callbacks.splice(0)) resolve();
      return [handled, built].some((done) => done === 'heldBack' || (done ?? 0) > 0);
    } finally {
      this.catchUpCallbacks.unshift(...callbacks);
    }
  }

  private async build(): Promise<number | 'heldBack' | undefined> {
    const { name, views } = this.options;
    const next = (this.next ??= this.createWriter(
      `view/${name}/next`,
      views.map((view) => ({ ...view, table: nextTable(view.table) })),
    ));
    if (this.mustRestart) {
      if (!(await next.restart())) return undefined;
      this.mustRestart = false;
    }
    const handled = await next.step();
    if (atEnd(handled) && (await this.live.switchTo(next))) {
      this.next = undefined;
      await next.release();
    }
    return handled;
  }

  private createWriter(name: string, views: readonly Projection[]): ProjectionWriter {
    const { store, deciders = [], batch = 2_000, leaseSeconds } = this.options;
    return new ProjectionWriter({ store, name, views, deciders, owner: this.owner, batch, leaseSeconds });
  }
}

const atEnd = (handled: number | 'heldBack' | undefined): boolean => handled === 0 || handled === 'heldBack';
