import type { Deadline, DeadlineWrite, UnitOfWork } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';

/** I8, from outside of the store: what was committed about deadlines must make sense by itself. */
export class DeadlineBook {
  readonly violations: string[] = [];
  private readonly set = new Map<string, Deadline>();
  /** Deadlines that fired while their flow was parked, or parked it, by stream: it moves when it is redriven. */
  private readonly owed = new Map<string, number>();
  private fired = 0;

  /** Of a unit that was committed at `now`. */
  note({ deadlines = [], appends = [] }: UnitOfWork, now: Instant): void {
    const fires = deadlines.filter((write) => write.op === 'fire');
    for (const { id, generation } of fires) {
      const found = this.set.get(id);
      this.fired += 1;
      if (found?.generation !== generation)
        this.violations.push(`${id}: generation ${generation} fired at ${now}, which was not set any more`);
      else if (found.dueAt > now) this.violations.push(`${id}: due at ${found.dueAt}, fired at ${now}`);
      this.set.delete(id);
    }
    const stream = appends[0]?.stream ?? '';
    const events = appends.flatMap((append) => append.events);
    const has = (sought: string): boolean => events.some(({ type }) => type === sought);
    const moves = events.filter(({ type, data }) => type === 'FlowMoved' && isDeadline(data));
    const owed = this.owed.get(stream) ?? 0;
    if (moves.length > fires.length + (has('FlowRedriven') ? owed : 0))
      this.violations.push(`${stream}: moved by a deadline at ${now}, and none fired`);
    if (has('FlowRedriven')) this.owed.delete(stream);
    else if (has('FlowParked') || has('InputKept')) this.owed.set(stream, owed + fires.length);
    for (const write of deadlines) this.write(write);
  }

  get summary(): string {
    return `${this.fired} deadlines fired`;
  }

  private write(write: DeadlineWrite): void {
    if (write.op === 'set') this.set.set(write.deadline.id, write.deadline);
    else if (write.op === 'cancel') this.set.delete(write.id);
  }
}

const isDeadline = (data: object): boolean => (data as { input?: { type?: string } }).input?.type === 'DeadlineReached';
