import { jest } from '@jest/globals';
import { EmbeddedLog, KafkaLog } from '@orderloom/messaging';
import { testLog } from '../support/messaging/test-log.js';
import { type Soaked, soak } from './soak.js';

jest.setTimeout(240_000);

describe('eight writers with conflicts, rollbacks, late and early transactions, readers, a relay and consumers for 5 s (npm run soak: 60 s)', () => {
  let soaked: Soaked;
  beforeAll(async () => {
    const log =
      'url' in testLog ? new EmbeddedLog({ ...testLog, clientId: 'soak' }) : new KafkaLog({ ...brokers(testLog), clientId: 'soak' });
    soaked = await soak({ server: process.env['TEST_DATABASE_URL'] ?? '', log, seconds: 5 });
    await log.close();
  });

  it('each of these situations occurs', () => {
    for (const count of [soaked.committed, soaked.conflicts, soaked.rolledBack, soaked.late, soaked.early])
      expect(count).toBeGreaterThan(0);
  });

  it('the invariants hold (I1, I2, I3, I4, I9)', () => {
    expect(soaked.broken).toEqual([]);
    expect(soaked.effects).toBe(soaked.committed);
  });

  it('a reader by position loses events, and streams without the guard are inverted', () => {
    expect(soaked.lostByPosition).toBeGreaterThan(0);
    expect(soaked.invertedUnguarded).toBeGreaterThan(0);
  });
});

const brokers = ({ brokers: some }: { readonly brokers: readonly string[] }) => ({ brokers: [...some] });
