import { connect, createServer, type Server, type Socket } from 'node:net';

// a simple query, its length, its text
const commit = Buffer.from('Q\0\0\0\x0bcommit\0', 'latin1');

/** Stands between a client and the server, and can cut a connection when the server has answered a COMMIT but the client has not heard. */
export class CuttingProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  /** How many COMMITs are still to be cut. */
  cuts = 0;
  /** Cuts before the server hears of the COMMIT. */
  cutsBefore = 0;

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
    const cut = (): void => {
      client.destroy();
      server.end();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    }
    client.on('close', () => server.end());
    server.on('close', () => client.destroy());
    client.on('data', (data) => {
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
    server.on('data', (data) => (cutting ? cut() : client.write(data)));
  }
}
