import type { Publication } from '@orderloom/event-sourcing';

/** Of what the boxes' relay says. */
export const source = '/orderloom/boxes';

export const publicationsTo = (topic: string): Publication[] => [(event) => [{ topic, type: event.type, data: event.data }]];

/** What processes of tests are told. */
export interface WireSettings {
  readonly url: string;
  readonly brokers: readonly string[];
  readonly topic: string;
}
