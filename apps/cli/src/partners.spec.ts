import { createDatabase, dropDatabases, withClient } from '@orderloom/dev-services';
import { clockOf, read } from './partners.js';

const server = process.env.TEST_DATABASE_URL ?? '';
const name = `partners_spec_${process.pid}`;
let url: string;

beforeAll(async () => {
  url = await createDatabase(server, name);
  await withClient(url, (client) => client.query('create table clock (offset_micros bigint not null); insert into clock values (7)'));
});
afterAll(() => dropDatabases(server, [name]));

describe('a line of the partners', () => {
  it('is progress, the end, or chatter', () => {
    expect(read('{"progress":{"fed":12,"of":757,"clock":"2010-12-01T10:00:00Z"}}')).toEqual({
      progress: { fed: 12, of: 757, clock: '2010-12-01T10:00:00Z' },
    });
    expect(read('{"done":true,"sent":9}')).toEqual({ done: true, sent: 9 });
    for (const chatter of ['joined the group', '{"level":"warn"}', 'null', '3', '', '{"progress":']) expect(read(chatter)).toBeUndefined();
  });
});

describe('moving the clocks', () => {
  it('ends at the last time that was asked for, however fast they came', async () => {
    const clocks = clockOf([url]);
    const moves = Array.from({ length: 50 }, (_, minute) => clocks.move(new Date(Date.UTC(2010, 11, 1, 0, minute)).toISOString()));
    await Promise.all([...moves, clocks.move('real')]);
    const { rows } = await withClient(url, (client) => client.query<{ offset_micros: string }>('select offset_micros from clock'));
    expect(rows).toEqual([{ offset_micros: '0' }]);
  });
});
