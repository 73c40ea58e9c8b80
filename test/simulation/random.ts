import { createHash } from 'node:crypto';

/** Numbers that are the same for the same seed, for ever (sfc32). */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;

  constructor(private readonly seed: string) {
    const hash = createHash('sha256').update(seed).digest();
    [this.a, this.b, this.c] = [hash.readInt32LE(0), hash.readInt32LE(4), hash.readInt32LE(8)];
    for (let i = 0; i < 12; i += 1) this.next();
  }

  /** Numbers of their own for `purpose`, whatever is drawn here. */
  fork(purpose: string): Random {
    return new Random(`${this.seed}/${purpose}`);
  }

  /** At least 0, less than 1. */
  next(): number {
    const sum = (this.a + this.b + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }

  /** Mostly near `from`, seldom near `to`: `to` may be many times `from`. */
  skewed(from: number, to: number): number {
    return from * (to / from) ** (this.next() * this.next());
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)] as T;
  }

  some<T>(list: readonly T[], probability: number): T[] {
    return list.filter(() => this.chance(probability));
  }

  /** A name by weights of any sum. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) if ((left -= weight) < 0) return name;
    return (entries.at(-1) as [K, number])[0];
  }
}
