import { createHmac } from 'node:crypto';
import type { OutgoingRecord } from '@orderloom/messaging';
import { createLog } from '@orderloom/platform';
import { fastify, type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { Intake } from '../intake.js';
import { readStatusTable } from '../status-table.js';
import { serveAfterShip, webhookPath } from './webhook.js';

const secret = 'a-secret-of-the-account';
const newSecret = 'another-secret-of-the-account';
const table = readStatusTable(
  'systems: { aftership: { statuses: { Delivered_001: delivered, InTransit_007: departed, Pending_001: no-scan } } }',
);
const checkpoint = (subtag: string, time: string, more: object = {}) => ({
  ...{ slug: 'royal-mail', tag: subtag.split('_')[0], subtag, checkpoint_time: time, message: 'seen', city: 'London' },
  ...more,
});
const notice = (...checkpoints: object[]) => ({
  ...{ ts: 1291380000, event: 'tracking_update', event_id: '0b8f7f2a-0000-4000-8000-000000000001', is_tracking_first_tag: true },
  msg: { id: 'x', tracking_number: 'RM1GB', slug: 'royal-mail', order_number: '536365', checkpoints },
});
const good = notice(checkpoint('InTransit_007', '2010-12-02T08:00:00+00:00'), checkpoint('Delivered_001', '2010-12-03T11:00:00Z'));
const sign = (body: string, by = secret) => createHmac('sha256', by).update(body).digest('base64');

describe('the webhook of AfterShip (LOG-01)', () => {
  let server: FastifyInstance;
  let written: OutgoingRecord[];
  let metrics: Registry;
  let fails: boolean;
  const lines: string[] = [];

  beforeEach(async () => {
    server = fastify();
    written = [];
    metrics = new Registry();
    fails = false;
    lines.length = 0;
    const publish = async (records: readonly OutgoingRecord[]) => {
      if (fails) throw new Error('no broker');
      written.push(...records);
    };
    const logger = createLog('courier-port', 'info', { destination: { write: (line) => void lines.push(line) }, known: [secret] });
    await serveAfterShip(server, { intake: new Intake({ publish }, table, metrics), secrets: [secret, newSecret], logger });
    await server.ready();
  });
  afterEach(() => server.close());

  const post = async (body: string, signature: string | undefined = sign(body)) => {
    const headers = { 'content-type': 'application/json', ...(signature !== undefined && { 'aftership-hmac-sha256': signature }) };
    const response = await server.inject({ method: 'POST', url: webhookPath, headers, payload: body });
    return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
  };
  const types = () => written.map(({ headers }) => headers['ce_type']);

  it('a signed notice writes a record for each checkpoint', async () => {
    expect(await post(JSON.stringify(good))).toEqual({
      status: 202,
      body: { event: 'tracking_update', scans: 2, unknownStatuses: 0, noScans: 0 },
    });
    expect(written.map(({ value }) => JSON.parse(String(value)) as object)).toMatchObject([
      { trackingNumber: 'RM1GB', orderNumber: '536365', scan: 'departed', at: '2010-12-02T08:00:00.000000Z', place: 'London' },
      { scan: 'delivered' },
    ]);
  });

  it('a replayed notice writes records with the same ids, which have one effect (I4)', async () => {
    const body = JSON.stringify(good);
    await post(body);
    const again = await post(JSON.stringify({ ...good, ts: 1291999999, event_id: '0b8f7f2a-0000-4000-8000-000000000002' }));
    expect(again.status).toBe(202);
    const names = written.map(({ headers }) => `${headers['ce_source']} ${headers['ce_id']}`);
    expect(new Set(names).size).toBe(2);
    expect(names.slice(0, 2)).toEqual(names.slice(2));
  });

  it.each<[string, (body: string) => string | undefined]>([
    ['no signature', () => undefined],
    ['a signature of another body', () => sign('{}')],
    ['a signature by another secret', (body) => sign(body, 'not-the-secret-of-the-account')],
    ['a signature cut short', (body) => sign(body).slice(0, 20)],
    ['an empty signature', () => ''],
  ])('%s is refused by a problem that names the header and the rule, and writes nothing', async (_, signature) => {
    const body = JSON.stringify(good);
    const headers = { 'content-type': 'application/json' };
    const given = signature(body);
    const response = await server.inject({
      ...{ method: 'POST', url: webhookPath, payload: body },
      headers: given === undefined ? headers : { ...headers, 'aftership-hmac-sha256': given },
    });
    expect([response.statusCode, response.headers['content-type']]).toEqual([401, expect.stringMatching(/^application\/problem\+json/)]);
    expect(response.json()).toMatchObject({
      code: 'signature-invalid',
      detail: expect.stringMatching(/aftership-hmac-sha256 .*base64 HMAC-SHA256 of the body/),
    });
    expect(written).toEqual([]);
  });

  it('the signature is that of the bytes, not of what they mean; two secrets hold while one replaces the other', async () => {
    const spaced = JSON.stringify(good, null, 2);
    expect((await post(spaced)).status).toBe(202);
    expect((await post(spaced, sign(JSON.stringify(good)))).status).toBe(401);
    expect((await post(spaced, sign(spaced, newSecret))).status).toBe(202);
  });

  it('a status that nobody has translated is accepted, kept and counted by its code', async () => {
    const { body } = await post(JSON.stringify(notice(checkpoint('InTransit_042', '2010-12-02T08:00:00Z'))));
    expect(body).toMatchObject({ scans: 0, unknownStatuses: 1 });
    expect(types()).toEqual(['CourierStatusReported']);
    expect(await metrics.metrics()).toMatch(/orderloom_courier_unknown_statuses_total\{system="aftership",status="InTransit_042"\} 1/);
  });

  it('bad checkpoints are named by their field, and the good ones count', async () => {
    const { status, body } = await post(
      JSON.stringify(notice(checkpoint('InTransit_007', '2010-12-02T08:00:00Z'), checkpoint('Delivered_001', 'yesterday'))),
    );
    expect([status, types()]).toEqual([400, ['ParcelScanned']]);
    expect(body['errors']).toEqual([
      { field: 'msg.checkpoints.1.checkpoint_time', message: expect.stringMatching(/1 other checkpoints count/) },
    ]);
  });

  it('a parcel without an order is refused by its field', async () => {
    const without = { ...good, msg: { ...good.msg, order_number: null } };
    const { status, body } = await post(JSON.stringify(without));
    expect([status, body['errors']]).toMatchObject([400, [{ field: 'msg.order_number' }]]);
    expect((await post(JSON.stringify({ ...good, msg: { ...good.msg, order_number: null, order_id: '536365' } }))).status).toBe(202);
  });

  it.each([
    ['{"event":', 'body'],
    ['{"event":"tracking_update","event_id":"1","msg":{}}', 'msg.tracking_number'],
    ['[]', 'body'],
  ])('a signed body that is no notice is refused by its field: %s', async (text, field) => {
    const { status, body } = await post(text);
    expect([status, body['errors']]).toMatchObject([400, [{ field }]]);
  });

  it('another event is accepted and writes nothing', async () => {
    const { status, body } = await post(JSON.stringify({ ...good, event: 'edd_revise' }));
    expect([status, body['event'], written.length]).toEqual([202, 'edd_revise', 0]);
  });

  it('is to be sent again where the log does not take it, and is not counted', async () => {
    fails = true;
    const { status, body } = await post(JSON.stringify(good));
    expect([status, body['code']]).toEqual([503, 'log-unavailable']);
    expect(await metrics.metrics()).not.toMatch(/outcome="scan"/);
  });

  it('no line of the process log holds a secret', async () => {
    await post(JSON.stringify(good), secret);
    expect(lines.join('')).not.toContain(secret);
    expect(lines.join('')).toContain('a webhook was refused');
  });
});
