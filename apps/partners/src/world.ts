import type { Manners } from './manners.js';
import type { Saying } from './message.js';

/** From when and about what somebody waits. */
export interface Wait {
  /** Time of the message that is answered, ISO 8601. */
  readonly heard: string;
  /** From what was last said about it, where the message follows from that. */
  readonly subject?: string;
  /** The order: whoever waits about the same one acts one after the other. */
  readonly whose: string;
}

/** What a partner has at hand: its manners, the shop's time, and a line to say things on. */
export interface World {
  readonly manners: Manners;
  /** Resolves when `hours` of the shop's time have passed since what is waited for. */
  pass(hours: number, wait: Wait): Promise<void>;
  now(): Date;
  say(...sayings: readonly Saying[]): Promise<void>;
}
