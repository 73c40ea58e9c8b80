import { setTimeout as sleep } from 'node:timers/promises';

const quietMs = 12;
const patienceMs = 5_000;
const lookEveryMs = 4;

/** What was said and has not come back yet, as something that it caused. */
export class Echoes {
  private readonly awaited = new Map<string, number>();
  private stirred = 0;

  said(id: string): void {
    this.awaited.set(id, performance.now());
    this.stir();
  }

  heard(causation: string): void {
    this.awaited.delete(causation);
    this.stir();
  }

  /** Resolves when all that was said has had its effect, and nothing was said or heard for a moment. What has none within seconds is waited for no longer. */
  async settled(): Promise<void> {
    while (!this.isSettled()) await sleep(lookEveryMs);
  }

  private isSettled(): boolean {
    const now = performance.now();
    if (now - this.stirred < quietMs) return false;
    for (const [id, since] of this.awaited) if (now - since > patienceMs) this.awaited.delete(id);
    return this.awaited.size === 0;
  }

  private stir(): void {
    this.stirred = performance.now();
  }
}
