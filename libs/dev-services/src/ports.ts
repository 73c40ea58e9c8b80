import { connect, createServer } from 'node:net';

const host = '127.0.0.1';

/** Below the range of ephemeral ports, which outgoing connections could occupy. */
const [first, end] = [20_000, 32_000];
/** Next port to try. The start depends on the process, so that parallel processes rarely collide. */
let next = first + ((process.pid * 97) % (end - first));

/** Returns a free TCP port of this machine, a different one on each call. Throws if none is free. */
export async function freePort(): Promise<number> {
  for (let attempts = first; attempts < end; attempts += 1) {
    const port = next;
    next = port + 1 === end ? first : port + 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`no TCP port from ${first} to ${end - 1} is free: end some processes`);
}

/** Returns whether `port` is free on all addresses of this machine. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false)).listen(port, () => server.close(() => resolve(true)));
  });

/** Returns whether a TCP connection succeeds within `timeout` milliseconds. */
export const acceptsConnections = (port: number, at = host, timeout = 3_000): Promise<boolean> =>
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
