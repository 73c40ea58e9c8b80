import { asyncProjectionTables } from '@orderloom/event-sourcing';
import { Boxes, named } from '../support/boxes.js';
import { eventually } from '../support/eventually.js';
import { describeOnKafka } from '../support/kafka/on-kafka.js';
import { PostgresProxy } from '../support/postgres/postgres-proxy.js';
import { endProcesses, TestProcess } from '../support/test-process.js';

const table = 'followed';
const ids = named('b', 20);

describeOnKafka('fault 29: an async projection is rebuilt beside the live one, and its process is killed half-way', () => {
  let boxes: Boxes;
  let proxy: PostgresProxy;
  let reading: Reading;
  beforeAll(async () => {
    boxes = await Boxes.open('view');
    for (const statement of asyncProjectionTables(table)) await boxes.store.pool.query(statement);
    proxy = await PostgresProxy.inFrontOf(boxes.url);
    await boxes.fill(ids, named('thing', 5));
    await (await started({ version: 1 })).stop();
    reading = new Reading(boxes);
  });
  afterAll(async () => {
    await reading.end();
    await endProcesses();
    await proxy.close();
    await boxes.close();
  });

  const launched = (options: object, url = boxes.url) => TestProcess.start('consumer/view', { url, table, rebuild: false, ...options });
  const started = async (options: object): Promise<TestProcess> => {
    const follower = await launched(options);
    await follower.reported('caughtUp');
    return follower;
  };
  const whole = (version: number, things = 5): string => JSON.stringify(ids.map((key) => ({ key, row: { things, version } })).sort(byKey));
  const beside = async (): Promise<number> => (await boxes.store.rows(`${table}_next`, {})).length;

  it('readers see the old rows until all new ones are there (I7, I10)', async () => {
    const killed = await launched({ version: 2, rebuild: true }, proxy.url(boxes.url));
    for (let batch = 0; batch < 4; batch += 1) (await proxy.nextCommit('before')).release();
    await proxy.nextCommit('after');
    await killed.kill();
    expect(await beside()).toBeGreaterThan(0);
    expect(await reading.newest()).toBe(whole(1));

    await (await started({ version: 1 })).stop();
    expect(await reading.newest()).toBe(whole(1));

    const again = await started({ version: 2, rebuild: true });
    expect(again.messages.filter(({ switched, status }) => switched === true && status === 'committed')).toHaveLength(1);
    expect(await reading.newest()).toBe(whole(2));
    expect([...reading.seen]).toEqual([whole(1), whole(2)]);
    expect(await beside()).toBe(0);

    await boxes.fill(ids, ['one-more']);
    await eventually('it follows from there', async () => (await reading.newest()) === whole(2, 6));
    await again.stop();
    const { rows } = await boxes.store.pool.query<{ name: string }>("select name from checkpoints where name like 'view/%'");
    expect(rows).toEqual([{ name: `view/${table}` }]);
    expect(await boxes.store.read(await boxes.store.checkpoint(`view/${table}`), 1)).toEqual([]);
  });

  it('a kill during the switch leaves it done or not done, never half done', async () => {
    await (await started({ version: 2 })).stop();
    for (const moment of ['before', 'after'] as const) {
      const version = moment === 'before' ? 3 : 4;
      const before = await reading.newest();
      const killed = await launched({ version, rebuild: true }, proxy.url(boxes.url));
      // the restart, and 120 events in batches of 10
      for (let commits = 0; commits < 13; commits += 1) (await proxy.nextCommit('before')).release();
      await proxy.nextCommit(moment);
      await killed.kill();
      expect(await reading.newest()).toBe(moment === 'before' ? before : whole(4, 6));
      expect(await beside()).toBe(moment === 'before' ? ids.length : 0);
    }
    expect([...reading.seen].slice(-2)).toEqual([whole(2, 6), whole(4, 6)]);
  });
});

const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : 1);

/** Somebody who reads the whole view again and again. */
class Reading {
  /** All that was ever seen, in that order. */
  readonly seen = new Set<string>();
  private over = false;
  private readonly running: Promise<void>;

  constructor(private readonly boxes: Boxes) {
    this.running = this.run();
  }

  /** The current rows of the view. */
  async newest(): Promise<string> {
    const { rows } = await this.boxes.store.pool.query(`select key, row from ${table} order by key collate "C"`);
    const text = JSON.stringify(rows);
    this.seen.add(text);
    return text;
  }

  async end(): Promise<void> {
    this.over = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.over) await this.newest();
  }
}
