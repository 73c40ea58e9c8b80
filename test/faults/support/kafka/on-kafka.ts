import { onKafka } from '../../../support/messaging/test-log.js';

/** `describe` for faults that only Kafka has; on the embedded log the suite is skipped, and its name states why. */
export const describeOnKafka = (name: string, body: () => void): void =>
  onKafka ? describe(name, body) : describe.skip(`${name} (skipped: Kafka is not available)`, body);
