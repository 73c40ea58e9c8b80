import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutgoingRecord } from '@orderloom/messaging';
import { Registry } from 'prom-client';
import { Intake } from '../intake.js';
import { statusTableOf } from '../status-table.js';
import { DropFolder } from './drop-folder.js';

const header = 'tracking_number,order_number,status,time,place';
const departed = 'RM1GB,536365,departed,2010-12-02T08:00:00Z,London';
const delivered = 'RM1GB,536365,delivered,2010-12-03T11:00:00Z,"Door, front"';
const file = (...rows: string[]) => [header, ...rows, ''].join('\n');

describe('the drop folder (LOG-01)', () => {
  let folder: string;
  let written: OutgoingRecord[];
  let failures: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orderloom-drop-'));
    written = [];
    failures = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const publish = async (records: readonly OutgoingRecord[]) => {
    if (failures > 0) {
      failures -= 1;
      throw new Error('no broker');
    }
    written.push(...records);
  };
  const read = () =>
    new DropFolder({
      ...{ folder, system: 'csv', logger: { info: () => undefined, warn: () => undefined } },
      intake: new Intake({ publish }, statusTableOf('deploy/courier/statuses.yaml'), new Registry()),
    }).read();
  const put = (name: string, text: string | Buffer) => writeFileSync(join(folder, name), text);
  const in_ = (place: string) => readdirSync(join(folder, place)).sort();
  const scans = () => written.map(({ value }) => (JSON.parse(String(value)) as { scan: string }).scan);

  it('a file is read, moved to done, and has a report', async () => {
    put('a.csv', file(departed, delivered));
    const [report] = await read();
    expect(report).toMatchObject({ file: 'a.csv', rows: 2, scans: 2, refused: [] });
    expect([scans(), in_('done'), in_('failed')]).toEqual([['departed', 'delivered'], ['a.csv'], []]);
    expect(JSON.parse(readFileSync(join(folder, 'reports', `${report?.sha256}.json`), 'utf8'))).toEqual(report);
    expect(await read()).toEqual([]);
  });

  it('the same content is read once, under whatever name', async () => {
    put('a.csv', file(delivered));
    await read();
    put('a.csv', file(delivered));
    put('b.csv', file(delivered));
    await read();
    expect(scans()).toEqual(['delivered']);
    expect(in_('done')).toHaveLength(3);
  });

  it('a file that is being written under another name is left alone until it is renamed', async () => {
    put('a.csv.part', file(departed).slice(0, 60));
    put('.a.csv', file(departed).slice(0, 60));
    expect(await read()).toEqual([]);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(['a.csv.part', '.a.csv']));
  });

  it('a bad row is reported by row and field, good rows count, and the file is in failed', async () => {
    put('a.csv', file(departed, 'RM2GB,,delivered,2010-12-03T11:00:00Z,', 'RM3GB,3,delivered,yesterday,', 'RM4GB,4,delivered', delivered));
    const [report] = await read();
    expect(report).toMatchObject({ rows: 5, scans: 2 });
    expect(report?.refused.map(({ row, field }) => [row, field])).toEqual([
      [3, 'order_number'],
      [4, 'time'],
      [5, 'row'],
    ]);
    expect([scans(), in_('failed')]).toEqual([['departed', 'delivered'], ['a.csv']]);
  });

  it('a row that is no CSV is reported, and the rows around it count', async () => {
    put('a.csv', file(departed, 'RM2GB,2,"delivered,2010-12-03T11:00:00Z,x', delivered));
    const [report] = await read();
    expect(report?.refused).toMatchObject([{ row: 3, field: 'row' }]);
    expect(scans()).toEqual(['departed', 'delivered']);
  });

  it('an unknown status is kept as one', async () => {
    put('a.csv', file('RM1GB,536365,zugestellt,2010-12-03T11:00:00Z,'));
    expect(await read()).toMatchObject([{ scans: 0, unknownStatuses: 1, refused: [] }]);
    expect(written.map(({ headers }) => headers['ce_type'])).toEqual(['CourierStatusReported']);
  });

  it.each<[string, string | Buffer, object]>([
    ['without a column', 'tracking_number,status,time\nRM1GB,departed,2010-12-02T08:00:00Z\n', { row: 1, field: 'order_number' }],
    ['that is empty', '', { row: 1, field: 'file' }],
    ['that is not UTF-8', Buffer.from([0xff, 0xfe, 0x41]), { row: 1, field: 'file' }],
  ])('a file %s is in failed with its report', async (_, text, fault) => {
    put('a.csv', text);
    expect(await read()).toMatchObject([{ scans: 0, refused: [fault] }]);
    expect(in_('failed')).toEqual(['a.csv']);
  });

  it('a spreadsheet’s file reads too: a mark of the byte order, semicolons, other columns', async () => {
    put('a.csv', '\uFEFFTime;Tracking_Number;Order_Number;Status;weight\r\n2010-12-02T08:00:00Z;RM1GB;536365;departed;3\r\n');
    expect(await read()).toMatchObject([{ scans: 1, refused: [] }]);
  });

  it('a file that the log did not take stays and is read again, with the same ids', async () => {
    put('a.csv', file(departed));
    put('b.csv', file(delivered));
    failures = 1;
    await expect(read()).rejects.toThrow('no broker');
    expect([in_('done'), readdirSync(folder)]).toEqual([['b.csv'], expect.arrayContaining(['a.csv'])]);
    await read();
    expect([scans().sort(), in_('done')]).toEqual([
      ['delivered', 'departed'],
      ['a.csv', 'b.csv'],
    ]);
  });

  it('a file whose report was written before a crash is moved and not read again', async () => {
    put('a.csv', file(departed));
    await read();
    put('a.csv', readFileSync(join(folder, 'done', 'a.csv')));
    rmSync(join(folder, 'done', 'a.csv'));
    await read();
    expect([scans(), in_('done')]).toEqual([['departed'], ['a.csv']]);
  });
});
