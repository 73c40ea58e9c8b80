import { onKafka } from '../../support/test-log.js';

/** `describe` for a fault that only Kafka can have; where the tests run on the embedded log it is skipped, and its name says why. */
export const describeOnKafka = (name: string, body: () => void): void =>
  onKafka ? describe(name, body) : describe.skip(`${name} (skipped: there is no Kafka here)`, body);
