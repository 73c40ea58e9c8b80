import { StoreUnavailable } from '@orderloom/event-sourcing';
import { type ExampleServer, refund, startExample } from '../example-server.fixture.js';

let server: ExampleServer;
beforeEach(async () => void (server = await startExample()));
afterEach(() => server.app.close());

const events = async () => (await server.store.load('refund-536365')).events;
const other = { ...refund, lines: [{ sku: '71053', quantity: 1 }] };

/** Keeps commits waiting until `release`; `reached` once the first one waits. */
function holdCommits(): { reached: Promise<void>; release: () => void } {
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const reached = new Promise<void>((resolve) => {
    server.store.beforeCommit = () => (resolve(), held);
  });
  return { reached, release };
}

describe('a POST', () => {
  it.each([
    ['without a key', undefined, 'idempotency-key-missing'],
    ['with an empty key', '', 'idempotency-key-invalid'],
    ['with a key over 128 characters', 'k'.repeat(129), 'idempotency-key-invalid'],
    ['with a key of odd characters', 'ключ', 'idempotency-key-invalid'],
    ['with a space in its key', 'a b', 'idempotency-key-invalid'],
  ])('%s is a 400', async (_, key, code) => {
    const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) };
    const answer = await server.send({ method: 'POST', url: '/refunds', headers, payload: JSON.stringify(refund) });
    expect(answer.json()).toMatchObject({ status: 400, code });
    expect(server.store.units).toEqual([]);
  });

  it('its response is stored in the unit of work of its events', async () => {
    const answer = await server.file('key-1');
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['idempotency-replayed']).toBeUndefined();
    const [unit, ...more] = server.store.units;
    expect(more).toEqual([]);
    expect(unit?.appends).toHaveLength(1);
    expect(unit?.command).toMatchObject({ id: 'finance:li:key-1', status: 201, body: { orderNumber: '536365', times: 1 } });
  });

  it('repeated, it gets the same response, marked as replayed, without effect', async () => {
    const first = await server.file('key-1');
    const again = await server.file('key-1');
    expect(again.statusCode).toBe(201);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.json()).toEqual(first.json());
    expect(await events()).toHaveLength(1);
  });

  it('repeated with its fields in another order, it is the same', async () => {
    await server.file('key-1');
    const { orderNumber, lines } = refund;
    expect((await server.file('key-1', { lines, orderNumber })).headers['idempotency-replayed']).toBe('true');
  });

  it('the key with another payload is a 422', async () => {
    await server.file('key-1');
    expect((await server.file('key-1', other)).json()).toMatchObject({ status: 422, code: 'idempotency-other-payload' });
  });

  it('the key of another caller is another command', async () => {
    await server.file('key-1');
    const authorization = await server.tokenOf('wang', 'finance');
    const headers = { authorization, 'idempotency-key': 'key-1', 'content-type': 'application/json' };
    const answer = await server.send({ method: 'POST', url: '/refunds', headers, payload: JSON.stringify(other) });
    expect(answer.statusCode).toBe(201);
  });

  it('concurrent with itself it is a 409, with another payload a 422, and can be repeated', async () => {
    const { reached, release } = holdCommits();
    const first = server.file('key-1');
    await reached;
    const meanwhile = await server.file('key-1');
    expect(meanwhile.json()).toMatchObject({ status: 409, code: 'idempotency-in-flight' });
    expect(meanwhile.headers['retry-after']).toBe('1');
    expect((await server.file('key-1', other)).statusCode).toBe(422);
    release();
    expect((await first).statusCode).toBe(201);
    expect((await server.file('key-1')).headers['idempotency-replayed']).toBe('true');
  });

  it('executed by another process at the same time, it gets the first response', async () => {
    const { reached, release } = holdCommits();
    const first = server.file('key-1');
    await reached;
    const unit = { id: 'finance:li:key-1', fingerprint: '', status: 201, body: { from: 'another process' } };
    server.store.beforeCommit = () => Promise.resolve();
    const fingerprint = await fingerprintOf('key-2');
    await server.store.commit({ meta: { by: 'finance:li' }, command: { ...unit, fingerprint } });
    release();
    const answer = await first;
    expect(answer.json()).toEqual({ from: 'another process' });
    expect(answer.headers['idempotency-replayed']).toBe('true');
    expect(await events()).toHaveLength(1);
  });
});

/** Of the example's refund, as a POST with `key` had it stored. */
async function fingerprintOf(key: string): Promise<string> {
  await server.file(key);
  return (await server.store.commandResponse(`finance:li:${key}`))?.fingerprint ?? '';
}

describe('a refused POST', () => {
  it.each([
    ['by a rule', { ...refund, orderNumber: 'shipped' }, 409],
    ['because something is not there', { ...refund, orderNumber: 'unknown' }, 404],
    ['because a field is wrong', { ...refund, lines: [] }, 400],
  ])('%s, it gets the same refusal again', async (_, payload, status) => {
    const first = await server.file('key-1', payload);
    const again = await server.file('key-1', payload);
    expect(first.statusCode).toBe(status);
    expect(again.statusCode).toBe(status);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(again.json()).toEqual(first.json());
  });

  it('after an internal error it is executed when repeated', async () => {
    server.store.beforeCommit = () => Promise.reject(new Error('a bug'));
    expect((await server.file('key-1')).statusCode).toBe(500);
    server.store.beforeCommit = () => Promise.resolve();
    const again = await server.file('key-1');
    expect(again.statusCode).toBe(201);
    expect(again.headers['idempotency-replayed']).toBeUndefined();
  });

  it('without the store it is a 503 with Retry-After, and the log has the reason', async () => {
    server.store.beforeCommit = () => Promise.reject(new StoreUnavailable(new Error('connection to 10.0.0.8 lost')));
    const answer = await server.file('key-1');
    expect(answer.json()).toMatchObject({ status: 503, code: 'store-unavailable' });
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.body).not.toContain('10.0.0.8');
    expect(server.log.some((entry) => entry.includes('10.0.0.8'))).toBe(true);
    server.store.beforeCommit = () => Promise.resolve();
    expect((await server.file('key-1')).statusCode).toBe(201);
  });

  it('after too many conflicts it is executed when repeated', async () => {
    const commit = server.store.commit.bind(server.store);
    server.store.commit = async () => ({ status: 'stale', what: 'a race' });
    const lost = await server.file('key-1');
    expect(lost.json()).toMatchObject({ status: 409, code: 'changed-meanwhile' });
    server.store.commit = commit;
    expect((await server.file('key-1')).statusCode).toBe(201);
  });

  it('executed by another process meanwhile, it gets that response', async () => {
    const fingerprint = await fingerprintOfRefused();
    const { reached, release } = holdCommits();
    const first = server.file('key-1', { ...refund, orderNumber: 'shipped' });
    await reached;
    server.store.beforeCommit = () => Promise.resolve();
    await server.store.commit({
      meta: { by: 'finance:li' },
      command: { id: 'finance:li:key-1', fingerprint, status: 201, body: { first: true } },
    });
    release();
    expect((await first).json()).toEqual({ first: true });
  });
});

async function fingerprintOfRefused(): Promise<string> {
  await server.file('key-2', { ...refund, orderNumber: 'shipped' });
  return (await server.store.commandResponse('finance:li:key-2'))?.fingerprint ?? '';
}
