import { setTimeout as sleep } from 'node:timers/promises';

const shortestQuietMs = 12;
const longestQuietMs = 120;
/** Of what nine echoes in ten took of late: the next step of what they caused may take as long again. */
const quietPerEcho = 2;
const remembered = 30;
const patienceMs = 5_000;
const lookEveryMs = 4;

/** What was said and has not come back yet, as something that it caused. */
export class Echoes {
  private readonly awaited = new Map<string, number>();
  /** What the last echoes took: on a busy machine everybody is slower. */
  private readonly took: number[] = [];
  private stirred = 0;

  said(id: string): void {
    this.awaited.set(id, performance.now());
    this.stir();
  }

  heard(causation: string): void {
    const since = this.awaited.get(causation);
    this.awaited.delete(causation);
    this.stir();
    if (since === undefined) return;
    this.took.push(this.stirred - since);
    if (this.took.length > remembered) this.took.shift();
  }

  /**
   * Resolves when all that was said has had its effect, and nothing was said or heard for longer than a step of somebody's work takes.
   * What has no effect within seconds is waited for no longer.
   */
  async settled(): Promise<void> {
    while (!this.isSettled(this.quietMs)) await sleep(lookEveryMs);
  }

  /** The same where services can be asked whether they have nothing in hand: `idle` resolves when they do. */
  async settledWith(idle: () => Promise<void>): Promise<void> {
    for (let asked = -1; asked !== this.stirred;) {
      while (!this.isSettled(shortestQuietMs)) await sleep(lookEveryMs);
      asked = this.stirred;
      await idle();
    }
  }

  private isSettled(quietMs: number): boolean {
    const now = performance.now();
    if (now - this.stirred < quietMs) return false;
    for (const [id, since] of this.awaited) if (now - since > patienceMs) this.awaited.delete(id);
    return this.awaited.size === 0;
  }

  private get quietMs(): number {
    const usual = [...this.took].sort((a, b) => a - b)[Math.floor(this.took.length * 0.9)] ?? 0;
    return Math.min(longestQuietMs, Math.max(shortestQuietMs, quietPerEcho * usual));
  }

  private stir(): void {
    this.stirred = performance.now();
  }
}
