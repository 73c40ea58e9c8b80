import { connect, createServer } from 'node:net';

const host = '127.0.0.1';

/** Below what systems give to outgoing connections, one of which would take a port before anybody listens on it. */
const [first, behind] = [20_000, 32_000];
/** Where this process looks next: apart from its neighbours, who look as well. */
let next = first + ((process.pid * 97) % (behind - first));

/** A TCP port of this machine that nobody listens on now, another one each time. */
export async function freePort(): Promise<number> {
  for (let tries = first; tries < behind; tries += 1) {
    const port = next;
    next = port + 1 === behind ? first : port + 1;
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${first} to ${behind - 1} is free`);
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
