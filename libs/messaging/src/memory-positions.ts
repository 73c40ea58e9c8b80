import { topicPartitionId } from './topic-partition.js';
import type { IncomingRecord, LogSubscription } from './log.js';

export interface Member {
  readonly subscription: LogSubscription;
  readonly inFlight: Set<Promise<void>>;
}

export interface Group {
  members: Member[];
  readonly positions: Map<string, PartitionPosition>;
}

/** Position and owner of one partition in a group. */
export interface PartitionPosition {
  readonly topic: string;
  readonly partition: number;
  owner: Member | undefined;
  next: number;
  committed: number;
  busy: boolean;
  /** Number of rejections since the last success. */
  rejections: number;
  /** Number of seeks; a batch during which it changed is not committed. */
  seeks: number;
}

export function positionIn(group: Group, topic: string, partition: number): PartitionPosition {
  const key = topicPartitionId({ topic, partition });
  const position = group.positions.get(key) ?? {
    topic,
    partition,
    owner: undefined,
    next: 0,
    committed: 0,
    busy: false,
    rejections: 0,
    seeks: 0,
  };
  group.positions.set(key, position);
  return position;
}

export async function deliverBatch(position: PartitionPosition, owner: Member, batch: readonly IncomingRecord[]): Promise<void> {
  const { seeks } = position;
  const from = Number(batch[0]?.offset);
  const next = from + batch.length;
  try {
    await owner.subscription.handle(batch, { from, next });
    position.rejections = 0;
    if (position.seeks !== seeks) return;
    position.next = next;
    position.committed = Math.max(position.committed, next);
  } catch {
    position.rejections += 1;
  }
}

export function reassign(position: PartitionPosition, owner: Member | undefined): void {
  if (position.owner === owner) return;
  position.owner = owner;
  position.next = position.committed;
  owner?.subscription.onAssigned?.([{ topic: position.topic, partition: position.partition }]);
}
