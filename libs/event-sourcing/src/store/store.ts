import type { Clock, Instant, Timers } from '@orderloom/kernel';
import type { Cursor, Meta, NewEvent, RecordedEvent } from '../decider/event.js';

/** The one port to what is kept. Postgres and an in-memory twin pass the same contract suite (`store.contract.ts`). */
export interface EventStore extends Clock {
  /** A stream's events from its first (version 0 = no such stream), with the store's time of reading. */
  load(stream: string): Promise<LoadedStream>;
  /** All of `unit` or nothing. The outcome is this unit's alone, whatever it shared a transaction with. */
  commit(unit: UnitOfWork): Promise<Outcome>;
  /** Events after `cursor` in global order, only those that no open transaction can still precede (docs/decisions/0001). */
  read(cursor: Cursor, limit: number, shard?: Shard): Promise<readonly RecordedEvent[]>;

  /** Whether there are events after `cursor` that `read` does not show yet, since an older transaction of the cluster is open. */
  heldBack(cursor: Cursor, shard?: Shard): Promise<boolean>;

  row<R extends object>(table: string, key: string): Promise<R | null>;
  /**
   * Rows whose fields equal `where` (a text against an array field: contained in it; of several texts, any), by key; 1,000 unless `limit`
   * says otherwise.
   */
  rows<R extends object>(table: string, where: RowFilter, limit?: number, page?: RowPage): Promise<readonly R[]>;

  /** Deadlines due by the store's clock, oldest first. */
  due(limit: number): Promise<readonly Deadline[]>;
  /** Whether a unit of work with this inbox is committed, about the same where both say what they are about. */
  handled(inbox: Inbox): Promise<boolean>;
  /** What was stored for a command id, if it was seen. */
  commandResponse(commandId: string): Promise<StoredResponse | null>;

  checkpoint(name: string): Promise<Cursor>;
  /** Takes or renews the lease `name` for `owner`, gives it back with 0 seconds; null while somebody else holds it. Counts real time. */
  lease(name: string, owner: string, seconds: number): Promise<Lease | null>;

  /** Calls back soon after a commit of this or another process (several commits may share a call). */
  onCommit(listener: () => void): () => void;
  close(): Promise<void>;

  /** What whoever works on this store waits with; real ones unless said. */
  readonly timers?: Timers;

  /** Settings for decisions about `subject` at `now`; absent where decisions need none. Set once, when a service is put together. */
  settings?: (subject: string, now: Instant) => Promise<DecisionSettings>;
}

/** Rules of the merchant as data, as decisions get them beside time and actor; events are stamped with their version. */
export interface DecisionSettings {
  readonly version: string;
}

export type RowFilter = Readonly<Record<string, string | readonly string[]>>;

/** A page of rows: those after the key `after`, in the order of the keys, or before it with `descending`. */
export interface RowPage {
  readonly after?: string;
  readonly descending?: boolean;
}

/** One of `of` equal parts of all subjects (by a hash of the subject that every store computes alike), from 0. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

export interface LoadedStream {
  readonly stream: string;
  readonly version: number;
  readonly events: readonly RecordedEvent[];
  readonly now: Instant;
}

/** A message, by source and id, and who handles it. */
export interface Inbox {
  readonly consumer: string;
  readonly message: string;
  /** What the message is about. A sender that gives two messages one name is found by it: `duplicate`, and not `handled`. */
  readonly about?: string;
}

/** A unit of work as data (docs/decisions/0002). */
export interface UnitOfWork {
  readonly meta: Meta;
  /** Message `message` is handled by `consumer` exactly once; seen before: outcome `duplicate`. */
  readonly inbox?: Inbox;
  /** Command `id` is carried out exactly once; its answer is stored, refusals too. */
  readonly command?: StoredResponse & { readonly id: string };
  /** The streams are locked before any write: who appends whatever the version waits and never conflicts. */
  readonly appends?: readonly Append[];
  readonly rows?: readonly RowWrite[];
  readonly deadlines?: readonly DeadlineWrite[];
  /** Moves a checkpoint forward (elsewhere: `stale`). With `fence`, only while the lease of that name still has this number. */
  readonly checkpoint?: { readonly name: string; readonly cursor: Cursor; readonly fence?: string };
  /** Empties `tables` and forgets the checkpoint, so that a view is built anew; fenced like one. */
  readonly restart?: { readonly checkpoint: string; readonly tables: readonly string[]; readonly fence?: string };
  /**
   * Puts the rows of `<table>_next` in place of those of each of `tables`, and checkpoint `next` in place of `live`, which never goes back
   * (elsewhere: `stale`). Nothing is left of what was `next`. Fenced like a checkpoint, by both leases.
   */
  readonly switchOver?: { readonly live: Fenced; readonly next: Fenced; readonly tables: readonly string[] };
}

/** A checkpoint, and the number that the lease of its name must have. */
export interface Fenced {
  readonly name: string;
  readonly fence?: string | undefined;
}

export interface Append {
  readonly stream: string;
  readonly subject: string;
  readonly expected: ExpectedVersion;
  readonly events: readonly NewEvent[];
}

/** An exact version, or `none` (no such stream yet), `some` (there is one), `any`. */
export type ExpectedVersion = number | 'none' | 'some' | 'any';

/** `insert` fails with outcome `taken` where the key exists; `put` writes; `remove` deletes. */
export type RowWrite =
  | { readonly op: 'insert' | 'put'; readonly table: string; readonly key: string; readonly row: object }
  | { readonly op: 'remove'; readonly table: string; readonly key: string };

export interface Deadline {
  readonly id: string;
  /** A timer armed anew has the same id and another generation. */
  readonly generation: number;
  readonly dueAt: Instant;
  /** Whose it is (a flow id) and what it says when it fires; plain data. */
  readonly owner: string;
  readonly data: object;
}

/** `fire` removes a deadline that is still the one that was read; otherwise the unit's outcome is `stale`. */
export type DeadlineWrite =
  | { readonly op: 'set'; readonly deadline: Deadline }
  | { readonly op: 'cancel'; readonly id: string }
  | { readonly op: 'fire'; readonly id: string; readonly generation: number };

export type Outcome =
  | { readonly status: 'committed'; readonly events: readonly RecordedEvent[] }
  /** The inbox or the command has seen it; `answer` is the command's stored one. */
  | { readonly status: 'duplicate'; readonly answer?: StoredResponse }
  | { readonly status: 'conflict'; readonly stream: string; readonly actual: number }
  | { readonly status: 'taken'; readonly table: string; readonly key: string }
  | { readonly status: 'stale'; readonly what: string };

export interface StoredResponse {
  /** Of the request: another payload under the same id is an error. */
  readonly fingerprint: string;
  /** HTTP status and body, as they were given. */
  readonly status: number;
  readonly body: unknown;
}

export interface Lease {
  /** Grows with every change of holder. */
  readonly fence: string;
}

/** The store can't be reached or is going down: nobody's message is at fault, the same may succeed later. */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super(`the event store is not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StoreUnavailable';
  }
}
