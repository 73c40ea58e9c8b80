import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, launch, logFile, type Running, tail, whyNotReady } from '@orderloom/dev-services';
import { useScenario } from '../support/scenario/scenario.js';

const scenario = useScenario({ withConsole: true });
const secret = 'a-secret-of-the-account';

describe('the courier port (LOG-01)', () => {
  let port: Running;
  let url: string;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orderloom-port-'));
    writeFileSync(join(folder, 'secret'), `${secret}\n`);
    const httpPort = await freePort();
    url = `http://127.0.0.1:${httpPort}`;
    const { log } = scenario.stack;
    const env = {
      ...{ PATH: process.env['PATH'], PORT: String(httpPort), AUTH_JWKS: JSON.stringify(scenario.stack.jwks) },
      ...('url' in log ? { LOG_URL: log.url } : { KAFKA_BROKERS: log.brokers.join(',') }),
      ...{ COURIER_STATUSES_FILE: 'deploy/courier/statuses.yaml', COURIER_DROP_FOLDER: join(folder, 'drop'), COURIER_DROP_SECONDS: '1' },
      AFTERSHIP_WEBHOOK_SECRET_FILE: join(folder, 'secret'),
    };
    port = launch({ command: process.execPath, args: ['dist/apps/courier-port/src/main.js'], env, log: logFile(folder, 'courier-port') });
    const isReady = () =>
      fetch(`${url}/health/ready`).then(
        ({ status }) => status === 200,
        () => false,
      );
    const why = await whyNotReady(port, isReady);
    if (why !== undefined) throw new Error(`the courier port did not get ready (${why}):\n${tail(port.log)}`);
  }, 60_000);
  afterAll(async () => {
    await port?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const notify = async (orderNumber: string, checkpoints: readonly object[], by = secret): Promise<number> => {
    const msg = { tracking_number: `RM${orderNumber}`, slug: 'royal-mail', order_number: orderNumber, checkpoints };
    const body = JSON.stringify({ ts: 1793700000, event: 'tracking_update', event_id: `e-${orderNumber}`, msg });
    const signature = createHmac('sha256', by).update(body).digest('base64');
    const headers = { 'content-type': 'application/json', 'aftership-hmac-sha256': signature };
    return (await fetch(`${url}/webhooks/aftership`, { method: 'POST', headers, body })).status;
  };
  const checkpoint = (subtag: string, at: string) => ({ subtag, checkpoint_time: at, message: `said ${subtag}` });

  it('a webhook delivers a parcel once however often it comes, and a forged one does nothing', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.ships(order);
    const checkpoints = [checkpoint('InTransit_042', '2026-11-02T11:00:00Z'), checkpoint('Delivered_001', '2026-11-03T11:00:00+00:00')];
    expect(await notify(orderNumber, checkpoints, 'not-the-secret-of-it')).toBe(401);
    expect(await notify(orderNumber, checkpoints)).toBe(202);
    expect(await notify(orderNumber, checkpoints)).toBe(202);
    await scenario.partners.fact(orderNumber, 'ShipmentDelivered');
    await scenario.partners.fact(orderNumber, 'CourierStatusReported');

    const service = scenario.stack.at('logistics', 'service:mia');
    type Shipment = { stage: string; parcels: { scans: object[] }[]; unknownStatuses: object[] };
    const { body } = await service.get<Shipment>(`/shipments/${orderNumber}`);
    expect(body).toMatchObject({
      ...{ stage: 'delivered', parcels: [{ scans: [{ scan: 'delivered' }] }] },
      unknownStatuses: [{ system: 'aftership', status: 'InTransit_042', text: 'said InTransit_042' }],
    });
    type Seen = { statuses: { status: string; orders: number }[] };
    const listed = await scenario.partners.messages.until('the unknown status is listed', async () => {
      const { statuses } = (await service.get<Seen>('/courier-statuses')).body;
      return statuses.find(({ status }) => status === 'InTransit_042');
    });
    expect(listed).toMatchObject({ system: 'aftership', orders: 1 });
    const lines = await scenario.partners.messages.until('the timeline shows it', async () => {
      const timeline = await scenario.stack.at('console', 'service:mia').get<object>(`/orders/${orderNumber}/timeline`);
      const text = JSON.stringify(timeline.body);
      return text.includes('unknown status') && text;
    });
    expect(lines).toContain('aftership InTransit_042 (said InTransit_042)');
    await scenario.flowOutcomes(order);
  });

  it('a file delivers a parcel, and a bad row of it is in its report', async () => {
    const order = await scenario.released();
    const { orderNumber } = order;
    await scenario.ships(order);
    const rows = [
      'tracking_number,order_number,status,time',
      `RM${orderNumber},${orderNumber},delivered,2026-11-03T11:00:00Z`,
      'RM,,delivered,x',
    ];
    writeFileSync(join(folder, 'drop', 'day.part'), `${rows.join('\n')}\n`);
    renameSync(join(folder, 'drop', 'day.part'), join(folder, 'drop', 'day.csv'));
    await scenario.partners.fact(orderNumber, 'ShipmentDelivered');
    await scenario.partners.messages.until('the file is moved', async () =>
      readdirSync(join(folder, 'drop', 'failed')).includes('day.csv'),
    );
    expect(readdirSync(join(folder, 'drop', 'reports'))).toHaveLength(1);
    await scenario.flowOutcomes(order);
  });
});
