import { jest } from '@jest/globals';
import { EmbeddedLog, KafkaLog } from '@orderloom/messaging';
import { testLog } from '../support/messaging/test-log.js';
import { type Soaked, soak } from './soak.js';

jest.setTimeout(240_000);

describe('eight writers with conflicts, rollbacks, late and early transactions, readers, a relay and consumers, for 5 s (60 s: npm run soak)', () => {
  let soaked: Soaked;
  beforeAll(async () => {
    const log =
      'url' in testLog ? new EmbeddedLog({ ...testLog, clientId: 'soak' }) : new KafkaLog({ ...brokers(testLog), clientId: 'soak' });
    soaked = await soak({ server: process.env['TEST_DATABASE_URL'] ?? '', log, seconds: 5 });
    await log.close();
  });

  it('all of it happens', () => {
    for (const count of [soaked.committed, soaked.conflicts, soaked.rolledBack, soaked.late, soaked.early])
      expect(count).toBeGreaterThan(0);
  });

  it('what holds is what was promised (I1, I2, I3, I4, I9)', () => {
    expect(soaked.broken).toEqual([]);
    expect(soaked.effects).toBe(soaked.committed);
  });

  it('a reader by position alone loses some of it, and streams whose guard is left out are inverted', () => {
    expect(soaked.lostByPosition).toBeGreaterThan(0);
    expect(soaked.invertedUnguarded).toBeGreaterThan(0);
  });
});

const brokers = ({ brokers: some }: { readonly brokers: readonly string[] }) => ({ brokers: [...some] });
