import type { Clock, Instant, Timers } from '@orderloom/kernel';
import type { Cursor, Meta, NewEvent, RecordedEvent } from '../decider/event.js';

/** The store port. The Postgres store and the in-memory store pass the same contract suite (`store.contract.ts`). */
export interface EventStore extends Clock {
  /** All events of a stream (version 0 without events), and the store's time. */
  load(stream: string): Promise<LoadedStream>;
  /** Commits all of `unit` or nothing. The outcome is that of this unit, even if it shares a transaction with others. */
  commit(unit: UnitOfWork): Promise<Outcome>;
  /** Events after `cursor` in global order, up to the oldest open transaction (docs/decisions/0001). */
  read(cursor: Cursor, limit: number, shard?: Shard): Promise<readonly RecordedEvent[]>;

  /** Whether an open transaction of the cluster keeps `read` from returning events after `cursor`. */
  heldBack(cursor: Cursor, shard?: Shard): Promise<boolean>;

  row<R extends object>(table: string, key: string): Promise<R | null>;
  /**
   * Rows whose fields match `where`, by key; at most `limit`, 1,000 by default. A text matches an array field that contains it; of several
   * texts, one must match.
   */
  rows<R extends object>(table: string, where: RowFilter, limit?: number, page?: RowPage): Promise<readonly R[]>;

  /** Deadlines due by the store's clock, oldest first. */
  due(limit: number): Promise<readonly Deadline[]>;
  /** Those of the deadlines `ids` that have not fired and are not cancelled, by id. */
  openDeadlines(ids: readonly string[]): Promise<readonly Deadline[]>;
  /** Whether a unit of work with this inbox entry was committed; with the same `about`, if both have one. */
  handled(inbox: Inbox): Promise<boolean>;
  /** The stored response of a command id; null if the id is new. */
  commandResponse(commandId: string): Promise<StoredResponse | null>;

  checkpoint(name: string): Promise<Cursor>;
  /** Acquires or renews the lease `name` in real time; 0 seconds release it. Null while another owner holds it. */
  lease(name: string, owner: string, seconds: number): Promise<Lease | null>;

  /** Calls `listener` soon after a commit of any process. Several commits may share a call. Returns the function that unsubscribes. */
  onCommit(listener: () => void): () => void;
  close(): Promise<void>;

  /** Timers of the workers on this store; real ones by default. */
  readonly timers?: Timers;

  /** Settings for decisions about `subject` at `now`; undefined if decisions need none. Set once, when the service is built. */
  settings?: (subject: string, now: Instant) => Promise<DecisionSettings>;
}

/** The merchant's settings as decisions receive them. Events record their version. */
export interface DecisionSettings {
  readonly version: string;
}

export type RowFilter = Readonly<Record<string, string | readonly string[]>>;

/** A page of rows by key: those after `after`, or with `descending` those before it. */
export interface RowPage {
  readonly after?: string;
  readonly descending?: boolean;
}

/** Shard `index`, from 0, of `of` shards. A hash of the subject determines the shard, the same in every store. */
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

/** An inbox entry: a message (source and id) and the consumer that handles it. */
export interface Inbox {
  readonly consumer: string;
  readonly message: string;
  /** Subject of the message. It reveals two messages with the same source and id: the second is a `duplicate`, but not `handled`. */
  readonly about?: string;
}

/** A unit of work as data (docs/decisions/0002). */
export interface UnitOfWork {
  readonly meta: Meta;
  /** Admits each message once per consumer; a repeated one has the outcome `duplicate`. */
  readonly inbox?: Inbox;
  /** Admits each command id once, and stores its response, also that of a refusal. */
  readonly command?: StoredResponse & { readonly id: string };
  /** Appended streams are locked before any write, so an append with `any` waits and never conflicts. */
  readonly appends?: readonly Append[];
  readonly rows?: readonly RowWrite[];
  readonly deadlines?: readonly DeadlineWrite[];
  /** Moves a checkpoint forward, otherwise `stale`. With `fence`, only while the lease of that name has this number. */
  readonly checkpoint?: { readonly name: string; readonly cursor: Cursor; readonly fence?: string };
  /** Empties `tables` and deletes the checkpoint, for a rebuild; fenced like a checkpoint. */
  readonly restart?: { readonly checkpoint: string; readonly tables: readonly string[]; readonly fence?: string };
  /**
   * Replaces the rows of each of `tables` by those of `<table>_next`, and checkpoint `live` by `next`, which must not be behind it (otherwise
   * `stale`). Empties the `_next` tables and deletes their checkpoint. Fenced by both leases.
   */
  readonly switchOver?: { readonly live: Fenced; readonly next: Fenced; readonly tables: readonly string[] };
}

/** A checkpoint, and the fence number that the lease of its name must have. */
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

/** Expected version of a stream: an exact one, `none` (no stream yet), `some` (it exists) or `any`. */
export type ExpectedVersion = number | 'none' | 'some' | 'any';

/** `insert` has the outcome `taken` if the key exists; `put` inserts or replaces; `remove` deletes. */
export type RowWrite =
  | { readonly op: 'insert' | 'put'; readonly table: string; readonly key: string; readonly row: object }
  | { readonly op: 'remove'; readonly table: string; readonly key: string };

export interface Deadline {
  readonly id: string;
  /** Distinguishes deadlines that were set with the same id. */
  readonly generation: number;
  readonly dueAt: Instant;
  /** Id of the flow that owns it. */
  readonly owner: string;
  readonly data: object;
}

/** `fire` removes a deadline of this generation; if it is gone, the outcome is `stale`. */
export type DeadlineWrite =
  | { readonly op: 'set'; readonly deadline: Deadline }
  | { readonly op: 'cancel'; readonly id: string }
  | { readonly op: 'fire'; readonly id: string; readonly generation: number };

export type Outcome =
  | { readonly status: 'committed'; readonly events: readonly RecordedEvent[] }
  /** The message or command was handled before; `answer` is the stored response of the command. */
  | { readonly status: 'duplicate'; readonly answer?: StoredResponse }
  | { readonly status: 'conflict'; readonly stream: string; readonly actual: number }
  | { readonly status: 'taken'; readonly table: string; readonly key: string }
  | { readonly status: 'stale'; readonly what: string };

export interface StoredResponse {
  /** Fingerprint of the request: another payload under the same id is an error. */
  readonly fingerprint: string;
  /** HTTP status and body of the first response. */
  readonly status: number;
  readonly body: unknown;
}

export interface Lease {
  /** Fence number, which increases with each change of the holder. */
  readonly fence: string;
}

/** The database is unavailable. A retry may succeed later. */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super(`the event store is not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StoreUnavailable';
  }
}
