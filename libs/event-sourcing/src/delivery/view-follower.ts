import { randomUUID } from 'node:crypto';
import type { AnyDecider, View } from '../decider.js';
import { nextTable } from '../postgres/row-table.js';
import type { EventStore } from '../store.js';
import { Pump } from './pump.js';
import { ViewFold } from './view-fold.js';

export interface ViewFollowerOptions {
  readonly store: EventStore;
  /** Of its checkpoint. */
  readonly name: string;
  readonly views: readonly View[];
  /** Whose stored events are lifted to their current version first. */
  readonly deciders?: readonly AnyDecider[];
  readonly owner?: string;
  readonly batch?: number;
  readonly leaseSeconds?: number;
  readonly onError?: (error: unknown) => void;
}

/**
 * Keeps views that follow the log: a row is the fold of history at the checkpoint. They are rebuilt beside the live ones, in tables
 * `<table>_next` (`followedTable`).
 */
export class ViewFollower {
  private readonly pump: Pump;
  private readonly owner: string;
  private readonly live: ViewFold;
  /** What is being built, to take the place of the live views. */
  private next: ViewFold | undefined;
  private toBegin = false;
  private waiting: (() => void)[] = [];
  private silence: () => void = () => undefined;

  constructor(private readonly options: ViewFollowerOptions) {
    const { store, owner = randomUUID(), onError } = options;
    this.owner = owner;
    this.live = this.foldOf(`view/${options.name}`, options.views);
    this.pump = new Pump(
      () => this.step(),
      (error) => onError?.(error),
      store.timers,
    );
  }

  start(): void {
    this.silence = this.options.store.onCommit(() => this.pump.wake());
    this.pump.start();
  }

  async stop(): Promise<void> {
    this.silence();
    await this.pump.stop();
    await this.live.release();
    await this.next?.release();
  }

  /** Resolves when nothing that can be read now is left to follow. */
  caughtUp(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.pump.wake();
    });
  }

  /**
   * Builds the views anew from the start, beside the live ones, which go on meanwhile; resolves when they have taken their place, at once
   * and all of them. What a process that ended half-way has left is begun anew.
   */
  async rebuild(): Promise<void> {
    this.toBegin = true;
    await this.caughtUp();
  }

  private async step(): Promise<boolean> {
    const waiting = this.waiting;
    this.waiting = [];
    try {
      const handled = await this.live.step();
      const built = this.toBegin || this.next ? await this.build() : undefined;
      if (atEnd(handled) && !this.toBegin && !this.next) for (const resolve of waiting.splice(0)) resolve();
      return [handled, built].some((done) => done === 'heldBack' || (done ?? 0) > 0);
    } finally {
      this.waiting.unshift(...waiting);
    }
  }

  private async build(): Promise<number | 'heldBack' | undefined> {
    const { name, views } = this.options;
    const next = (this.next ??= this.foldOf(
      `view/${name}/next`,
      views.map((view) => ({ ...view, table: nextTable(view.table) })),
    ));
    if (this.toBegin) {
      if (!(await next.restart())) return undefined;
      this.toBegin = false;
    }
    const handled = await next.step();
    if (atEnd(handled) && (await this.live.switchTo(next))) {
      this.next = undefined;
      await next.release();
    }
    return handled;
  }

  private foldOf(name: string, views: readonly View[]): ViewFold {
    const { store, deciders = [], batch = 2_000, leaseSeconds } = this.options;
    return new ViewFold({ store, name, views, deciders, owner: this.owner, batch, leaseSeconds });
  }
}

const atEnd = (handled: number | 'heldBack' | undefined): boolean => handled === 0 || handled === 'heldBack';
