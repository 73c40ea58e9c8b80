import { connect, createServer, type Server, type Socket } from 'node:net';

// a simple query, its length, its text
const commit = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1');

// what the store asks where it does not know whether its unit was committed
const resolving = 'as mine (stream';

/** Stands between clients and the server, and can cut a connection around a COMMIT, or around whatever comes next. */
export class CuttingProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  /** How many COMMITs are still to be cut when the server has answered them but the client has not heard. */
  cuts = 0;
  /** Cuts before the server hears of the COMMIT. */
  cutsBefore = 0;
  /**
   * What is cut next: `unheard`, before the server hears of it; `unanswered`, when it has answered; `late`: the server comes to it only
   * while the client, on another connection, hears that it is not there.
   */
  next: 'unheard' | 'unanswered' | 'late' | undefined;
  private held: { readonly server: Socket; readonly data: Buffer } | undefined;

  private constructor(target: { host: string; port: number }) {
    this.server = createServer((client) => this.pass(client, connect(target.port, target.host)));
  }

  static async before(url: string): Promise<{ proxy: CuttingProxy; url: string }> {
    const target = new URL(url);
    const proxy = new CuttingProxy({ host: target.hostname, port: Number(target.port) });
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    const address = proxy.server.address();
    target.port = String(typeof address === 'object' ? address?.port : '');
    return { proxy, url: target.href };
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private pass(client: Socket, server: Socket): void {
    let cutting = false;
    let held = false;
    let waiting = false;
    const cut = (): void => {
      client.destroy();
      server.end();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    }
    client.on('close', () => held || server.end());
    server.on('close', () => client.destroy());
    client.on('data', (data) => {
      const next = this.next;
      this.next = undefined;
      if (next === 'unheard') return cut();
      if (next === 'unanswered') cutting = true;
      if (next === 'late') {
        held = true;
        this.held = { server, data };
        return client.destroy();
      }
      waiting = this.held !== undefined && data.includes(resolving);
      const commits = data.includes(commit);
      if (commits && this.cutsBefore > 0) {
        this.cutsBefore -= 1;
        return cut();
      }
      if (commits && this.cuts > 0) {
        this.cuts -= 1;
        cutting = true;
      }
      server.write(data);
    });
    server.on('data', (data) => {
      if (held) return;
      if (cutting) return cut();
      if (waiting) void this.release().then(() => client.write(data));
      else client.write(data);
    });
  }

  /** Resolves when the server has done what was held back, or is gone. */
  private async release(): Promise<void> {
    const held = this.held;
    this.held = undefined;
    if (!held || held.server.destroyed) return;
    const done = new Promise<void>((resolve) => {
      held.server.once('data', () => resolve()).once('close', () => resolve());
    });
    held.server.write(held.data);
    await done;
    held.server.end();
  }
}
