import type { BehaviourProfile } from './behaviour-profile.js';
import type { OutgoingMessage } from '../messaging/message.js';

/** Start and subject of a wait. */
export interface Wait {
  /** Time of the message that is answered, ISO 8601. */
  readonly since: string;
  /** Starts at the last message about this subject, if the answer follows from that. */
  readonly subject?: string;
  /** The order; actions on the same order are executed one after the other. */
  readonly orderNumber: string;
}

/** Context of a partner: behaviour, shop time and message client. */
export interface PartnerContext {
  readonly behaviour: BehaviourProfile;
  /** Resolves after `hours` of shop time. */
  wait(hours: number, wait: Wait): Promise<void>;
  now(): Date;
  send(...sayings: readonly OutgoingMessage[]): Promise<void>;
}
