import type { Manners } from './manners.js';
import type { Saying } from './message.js';

/** What a partner has at hand: its manners, the shop's time, and a line to say things on. */
export interface World {
  readonly manners: Manners;
  /**
   * Resolves `hours` of the shop's time after somebody said something of `subject`; from now where nobody did. Whoever waits about
   * the same order, `whose`, acts one after the other.
   */
  pass(hours: number, subject?: string, whose?: string): Promise<void>;
  now(): Date;
  say(...sayings: readonly Saying[]): Promise<void>;
}
