import type { Deadline, DeadlineWrite, UnitOfWork } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';

/** I8, from outside of the store: what was committed about deadlines must make sense by itself. */
export class DeadlineBook {
  readonly witnesses: string[] = [];
  private readonly set = new Map<string, Deadline>();
  private fired = 0;

  /** Of a unit that was committed at `now`. */
  note({ deadlines = [], appends = [] }: UnitOfWork, now: Instant): void {
    const fires = deadlines.filter((write) => write.op === 'fire');
    for (const { id, generation } of fires) {
      const found = this.set.get(id);
      this.fired += 1;
      if (found?.generation !== generation)
        this.witnesses.push(`${id}: generation ${generation} fired at ${now}, which was not set any more`);
      else if (found.dueAt > now) this.witnesses.push(`${id}: due at ${found.dueAt}, fired at ${now}`);
      this.set.delete(id);
    }
    const moves = appends.flatMap(({ events }) => events).filter(({ type, data }) => type === 'FlowMoved' && isDeadline(data));
    if (moves.length > fires.length) this.witnesses.push(`${appends[0]?.stream}: moved by a deadline at ${now}, and none fired`);
    for (const write of deadlines) this.write(write);
  }

  get says(): string {
    return `${this.fired} deadlines fired`;
  }

  private write(write: DeadlineWrite): void {
    if (write.op === 'set') this.set.set(write.deadline.id, write.deadline);
    else if (write.op === 'cancel') this.set.delete(write.id);
  }
}

const isDeadline = (data: object): boolean => (data as { input?: { type?: string } }).input?.type === 'DeadlineReached';
