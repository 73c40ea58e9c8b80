import type { BehaviourProfile } from './behaviour-profile.js';
import type { OutgoingMessage } from '../messaging/message.js';

/** Start and subject of a wait. */
export interface Wait {
  /** Time of the message that is answered, ISO 8601. */
  readonly heard: string;
  /** Starts at the last message about this subject, if the answer follows from that. */
  readonly subject?: string;
  /** The order; actions on the same order are executed one after the other. */
  readonly whose: string;
}

/** Context of a partner: behaviour, shop time and message client. */
export interface PartnerContext {
  readonly manners: BehaviourProfile;
  /** Resolves after `hours` of shop time. */
  pass(hours: number, wait: Wait): Promise<void>;
  now(): Date;
  say(...sayings: readonly OutgoingMessage[]): Promise<void>;
}
