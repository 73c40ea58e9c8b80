import type { SealingKey } from './sealing-key.js';

interface CachedKey {
  readonly key: SealingKey | undefined;
  readonly until: number;
}

/** Caches up to 10,000 keys for 3 s each. A process may read erased data for that long. */
export class KeyCache {
  static readonly seconds = 3;
  private readonly entries = new Map<string, CachedKey>();

  constructor(
    private readonly size = 10_000,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Returns the cached keys of `ids`, and the ids that must be read. */
  read(ids: ReadonlySet<string>): { known: Map<string, SealingKey>; missing: string[] } {
    const cached = new Map<string, SealingKey>();
    const missing: string[] = [];
    for (const id of ids) {
      const found = this.entries.get(id);
      if (!found || found.until <= this.now()) missing.push(id);
      else if (found.key) cached.set(id, found.key);
    }
    return { known: cached, missing };
  }

  write(id: string, key: SealingKey | undefined): void {
    this.entries.delete(id);
    this.entries.set(id, { key, until: this.now() + KeyCache.seconds * 1000 });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.size) break;
      this.entries.delete(oldest);
    }
  }
}
