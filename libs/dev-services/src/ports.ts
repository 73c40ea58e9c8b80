import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

const host = '127.0.0.1';

/** A TCP port of this machine that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Whether `port` can be listened on, on every address of this machine. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false)).listen(port, () => server.close(() => resolve(true)));
  });

/** Whether somebody answers a TCP connection within `timeout` milliseconds. */
export const answers = (port: number, at = host, timeout = 3_000): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: at, timeout });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => done(true))
      .once('error', () => done(false))
      .once('timeout', () => done(false));
  });
