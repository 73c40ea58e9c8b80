import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findJava, givenKafka, startJavaKafka } from './kafka.js';

jest.setTimeout(120_000);

const dir = mkdtempSync(join(tmpdir(), 'orderloom-kafka-'));
const { JAVA_HOME } = process.env;
afterEach(() => {
  if (JAVA_HOME === undefined) delete process.env.JAVA_HOME;
  else process.env.JAVA_HOME = JAVA_HOME;
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const javaIsHere = (): boolean => {
  try {
    return findJava() !== '';
  } catch {
    return false;
  }
};
const { TEST_KAFKA_BROKERS: given = '' } = process.env;
const skippedWithout = (what: string): string => ` (skipped: there is no ${what} here)`;

describe('the start of Kafka', () => {
  const itWithJava = javaIsHere() ? it : it.skip;
  itWithJava(
    `starts again on the data of one that was killed, and stops one that was left running${javaIsHere() ? '' : skippedWithout('Java')}`,
    async () => {
      const killed = await startJavaKafka(dir);
      process.kill(killed.process?.pid ?? Number.NaN, 'SIGKILL');
      await killed.process?.exited;
      const left = await startJavaKafka(dir);
      const next = await startJavaKafka(dir);
      expect(await left.process?.exited).toMatch(/^(exit code 143|exit code 0|signal SIGTERM)$/);
      expect(next).toMatchObject({ kind: 'java', brokers: [expect.stringMatching(/^127\.0\.0\.1:\d+$/)] });
      await next.stop();
    },
  );

  it('without Java the error says what to install', async () => {
    process.env.JAVA_HOME = dir;
    await expect(startJavaKafka(dir)).rejects.toThrow(
      /needs Java 17 or newer, but Java was not found: install a JRE, or set KAFKA_BROKERS\.$/,
    );
  });
});

describe('a given Kafka', () => {
  (given ? it : it.skip)(`is used as it is${given ? '' : skippedWithout('Kafka')}`, async () => {
    expect(await givenKafka(given)).toMatchObject({ kind: 'given', brokers: given.split(',') });
  });

  it.each([
    ['127.0.0.1:1', 'KAFKA_BROKERS is 127.0.0.1:1, but no broker is reachable there: start Kafka, or unset KAFKA_BROKERS.'],
    ['localhost', 'KAFKA_BROKERS has the invalid entry "localhost": expected host:port, separated by commas.'],
  ])('the unusable address %s is an error with a remedy', async (wrong, sentence) => {
    await expect(givenKafka(wrong)).rejects.toThrow(sentence);
  });
});
