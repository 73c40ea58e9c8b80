import { compareCursors, type Cursor, start } from '../decider/event.js';
import type { Lease, UnitOfWork } from '../store/store.js';

/** Checkpoints, and the leases of the processes that move them. */
export class MemoryCheckpoints {
  readonly all = new Map<string, Cursor>();
  private readonly leases = new Map<string, { owner: string; fence: number; until: number }>();

  at = (name: string): Cursor => this.all.get(name) ?? start;

  /** `now`: milliseconds of a monotonic clock. Returns null while another owner holds the lease. */
  lease(name: string, owner: string, seconds: number, now: number): Lease | null {
    const held = this.leases.get(name);
    if (held && held.owner !== owner && held.until > now) return null;
    const fence = held === undefined ? 1 : held.owner === owner ? held.fence : held.fence + 1;
    this.leases.set(name, { owner, fence, until: now + seconds * 1000 });
    return { fence: String(fence) };
  }

  /** The checkpoint or lease because of which `unit` is stale, if any. */
  stale({ checkpoint, restart, switchOver }: UnitOfWork): string | undefined {
    if (checkpoint && compareCursors(checkpoint.cursor, this.at(checkpoint.name)) <= 0) return `checkpoint ${checkpoint.name}`;
    const { live, next } = switchOver ?? {};
    if (live && next && compareCursors(this.at(next.name), this.at(live.name)) < 0) return `checkpoint ${live.name}`;
    const fenced = [checkpoint, restart && { ...restart, name: restart.checkpoint }, live, next].filter((f) => f !== undefined);
    const lost = fenced.find(({ name, fence }) => fence !== undefined && String(this.leases.get(name)?.fence) !== fence);
    return lost && `lease ${lost.name}`;
  }

  apply({ checkpoint, restart, switchOver }: UnitOfWork): void {
    if (restart) this.all.delete(restart.checkpoint);
    if (checkpoint) this.all.set(checkpoint.name, checkpoint.cursor);
    if (!switchOver) return;
    this.all.set(switchOver.live.name, this.at(switchOver.next.name));
    this.all.delete(switchOver.next.name);
  }
}
