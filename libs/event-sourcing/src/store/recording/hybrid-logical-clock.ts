import { afterMicros, type Instant, InvalidInput, micros } from '@orderloom/kernel';

/** A cause that is further ahead of the own clock is ignored. The limit exceeds any time-zone or daylight-saving error. */
const maxJumpMicros = 25n * 3600n * 1_000_000n;
const storable = /^(?!0000)\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Called when the recording time of a cause is more than 25 hours ahead of the own clock, and therefore ignored. */
export type OnCauseFromFuture = (jump: { readonly causedAt: Instant; readonly now: Instant }) => void;

/**
 * Assigns the recording times of one unit of work: a hybrid logical clock. Each time is later than the cause, the stream's last event and
 * the previous time.
 */
export class HybridLogicalClock {
  private last = '';

  constructor(
    private readonly now: Instant,
    causedAt: Instant | undefined,
    onClockJump?: OnCauseFromFuture,
  ) {
    if (causedAt === undefined) return;
    const isAhead = storableInstant(causedAt, 'causedAt') > now;
    if (isAhead && micros(causedAt) - micros(now) > maxJumpMicros) onClockJump?.({ causedAt, now });
    else this.last = causedAt;
  }

  /** Returns the next time, at least one microsecond later than `lastInStream` and the previous time. */
  next(lastInStream: Instant = ''): Instant {
    const floor = lastInStream > this.last ? lastInStream : this.last;
    this.last = floor < this.now ? this.now : afterMicros(floor, 1);
    return this.last;
  }
}

/** Returns `at`; throws `InvalidInput` for `field` unless it is an instant of the years 1 to 9999 with microseconds. */
export function storableInstant(at: Instant, field: string): Instant {
  if (!storable.test(at) || Number.isNaN(Date.parse(at)))
    throw new InvalidInput([{ field, message: 'must be an instant like 2010-12-01T09:00:00.000000Z' }]);
  return at;
}
