import { setTimeout as sleep } from 'node:timers/promises';

const minQuietMs = 12;
const maxQuietMs = 120;
/** Factor on the 90th percentile of recent latencies: a following step may take as long again. */
const quietFactor = 2;
const maxSamples = 30;
const timeoutMs = 5_000;
const pollIntervalMs = 4;

/** Detects quiescence: tracks sent messages until a message that they caused is received. */
export class QuiescenceDetector {
  private readonly pending = new Map<string, number>();
  /** Recent latencies; they grow on a busy machine. */
  private readonly latencies: number[] = [];
  private lastActivityAt = 0;

  sent(id: string): void {
    this.pending.set(id, performance.now());
    this.noteActivity();
  }

  received(causation: string): void {
    const since = this.pending.get(causation);
    this.pending.delete(causation);
    this.noteActivity();
    if (since === undefined) return;
    this.latencies.push(this.lastActivityAt - since);
    if (this.latencies.length > maxSamples) this.latencies.shift();
  }

  /**
   * Resolves when every sent message has had an effect, and no message was sent or received for longer than a usual step takes. A message
   * without effect for five seconds is no longer awaited.
   */
  async whenQuiet(): Promise<void> {
    while (!this.isSettled(this.quietMs)) await sleep(pollIntervalMs);
  }

  /** Like `settled`, where services report whether they are idle: `idle` resolves when they are. */
  async whenServicesIdle(idle: () => Promise<void>): Promise<void> {
    for (let asked = -1; asked !== this.lastActivityAt;) {
      while (!this.isSettled(minQuietMs)) await sleep(pollIntervalMs);
      asked = this.lastActivityAt;
      await idle();
    }
  }

  private isSettled(quietMs: number): boolean {
    const now = performance.now();
    if (now - this.lastActivityAt < quietMs) return false;
    for (const [id, since] of this.pending) if (now - since > timeoutMs) this.pending.delete(id);
    return this.pending.size === 0;
  }

  private get quietMs(): number {
    const usual = [...this.latencies].sort((a, b) => a - b)[Math.floor(this.latencies.length * 0.9)] ?? 0;
    return Math.min(maxQuietMs, Math.max(minQuietMs, quietFactor * usual));
  }

  private noteActivity(): void {
    this.lastActivityAt = performance.now();
  }
}
