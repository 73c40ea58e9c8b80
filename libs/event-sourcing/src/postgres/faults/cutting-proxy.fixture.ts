import { connect, createServer, type Server, type Socket } from 'node:net';

// MessageClient format of a simple query: tag, length, text.
const commit = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1');

// Part of the query with which the store looks up an unknown COMMIT.
const resolving = 'as mine (stream';

/** A TCP proxy in front of Postgres that can cut a connection around a COMMIT or around the next message. */
export class CuttingProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  /** Number of COMMITs still to be cut after the server has responded and before the client receives the response. */
  cuts = 0;
  /** Number of COMMITs still to be cut before the server receives them. */
  cutsBefore = 0;
  /**
   * The kind of cut at the next message. `unheard`: before the server receives it. `unanswered`: after the server has responded. `late`: the
   * server receives it only while the client looks up the result on another connection.
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

  /** Resolves when the server has processed the held message, or has closed the connection. */
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
