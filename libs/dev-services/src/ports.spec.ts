import { createServer } from 'node:net';
import { freePort, isFree } from './ports.js';

describe('a free port', () => {
  it('each call returns another port without a listener, outside of the ephemeral range', async () => {
    const ports = [await freePort(), await freePort(), await freePort()];
    expect(new Set(ports).size).toBe(3);
    for (const port of ports) {
      expect(port).toBeLessThan(32_768);
      expect(await isFree(port)).toBe(true);
    }
  });

  it('a port with a listener is not returned', async () => {
    const taken = (await freePort()) + 1;
    const server = createServer();
    // by us, or by somebody else already
    await new Promise<void>((resolve) => server.once('error', () => resolve()).listen(taken, '127.0.0.1', resolve));
    expect(await freePort()).not.toBe(taken);
    await new Promise((resolve) => server.close(resolve));
  });
});
