import type { Publication } from '@orderloom/event-sourcing';

/** Topic and source of the boxes' relay. */
export const source = '/orderloom/boxes';

export const publicationsTo = (topic: string): Publication[] => [(event) => [{ topic, type: event.type, data: event.data }]];

/** Options of test processes. */
export interface WireSettings {
  readonly url: string;
  readonly brokers: readonly string[];
  readonly topic: string;
}
