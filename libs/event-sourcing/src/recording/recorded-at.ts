import { afterMicros, type Instant, InvalidInput, micros } from '@orderloom/kernel';

/** A cause further ahead of the own clock than this is not followed: longer than any zone or daylight mistake. */
const maxJump = 25n * 3600n * 1_000_000n;
const storable = /^(?!0000)\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Told when a cause claims to be recorded so far ahead of the own clock that it is not followed. */
export type OnClockJump = (jump: { readonly causedAt: Instant; readonly now: Instant }) => void;

/** Hands out the recording times of one unit of work: after the cause, after the stream's last, each later than the one before. */
export class RecordingClock {
  private last = '';

  constructor(
    private readonly now: Instant,
    causedAt: Instant | undefined,
    onClockJump?: OnClockJump,
  ) {
    if (causedAt === undefined) return;
    const isAhead = storableInstant(causedAt, 'causedAt') > now;
    if (isAhead && micros(causedAt) - micros(now) > maxJump) onClockJump?.({ causedAt, now });
    else this.last = causedAt;
  }

  /** The next time, later than `lastInStream` by a microsecond at least. */
  next(lastInStream: Instant = ''): Instant {
    const floor = lastInStream > this.last ? lastInStream : this.last;
    this.last = floor < this.now ? this.now : afterMicros(floor, 1);
    return this.last;
  }
}

/** `at` itself; throws `InvalidInput` naming `field` unless it is an instant of the years 1 to 9999. */
export function storableInstant(at: Instant, field: string): Instant {
  if (!storable.test(at) || Number.isNaN(Date.parse(at))) throw new InvalidInput([{ field, message: 'is not an instant' }]);
  return at;
}
