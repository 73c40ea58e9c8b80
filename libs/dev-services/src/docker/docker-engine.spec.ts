import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerEngine, hostOf } from './docker-engine.js';

const dir = mkdtempSync(join(tmpdir(), 'orderloom-engine-'));
const socketPath = join(dir, 'docker.sock');
const env = { DOCKER_HOST: `unix://${socketPath}` };
afterAll(() => rmSync(dir, { recursive: true }));

/** An engine that responds to a ping with `status`, or never. */
async function engine(status: number | undefined, work: () => Promise<void>): Promise<void> {
  const server = createServer((_, answer) => void (status && answer.writeHead(status).end('OK')));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  try {
    await work();
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('the search for a Docker engine', () => {
  it('an engine that answers is found', () => engine(200, async () => expect(await dockerEngine(env)).toEqual({ socketPath })));

  it('no engine is found without a listener, with an error, or without an answer', async () => {
    expect(await dockerEngine(env)).toBeUndefined();
    await engine(500, async () => expect(await dockerEngine(env)).toBeUndefined());
    await engine(undefined, async () => expect(await dockerEngine(env)).toBeUndefined());
  });

  it('container ports are on the host of the engine', () => {
    expect(hostOf({ socketPath })).toBe('127.0.0.1');
    expect(hostOf({ host: 'docker.example', port: 2375 })).toBe('docker.example');
  });
});
