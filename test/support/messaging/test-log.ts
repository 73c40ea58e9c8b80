/** The log that the whole test run shares: Kafka's brokers, or the database of the one embedded in Postgres. */
export type TestLog = { readonly brokers: readonly string[] } | { readonly url: string };

const { TEST_KAFKA_BROKERS, TEST_LOG_URL } = process.env;

export const testLog: TestLog = TEST_LOG_URL ? { url: TEST_LOG_URL } : { brokers: (TEST_KAFKA_BROKERS ?? '').split(',') };

export const onKafka = 'brokers' in testLog;
