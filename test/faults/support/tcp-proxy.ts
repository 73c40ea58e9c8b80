import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A proxied connection: functions to forward data to either side, and to end it. */
export interface Link {
  toServer(data: Buffer): void;
  toClient(data: Buffer): void;
  /** Breaks the connection on both sides. */
  cut(): void;
}

/** Filters the bytes of a connection. */
export interface Filter {
  fromClient(data: Buffer): void;
  fromServer(data: Buffer): void;
}

const passing = (link: Link): Filter => ({
  fromClient: (data) => link.toServer(data),
  fromServer: (data) => link.toClient(data),
});

/** A TCP proxy whose connections can be cut and restored, delayed, or frozen without notice to either side. */
export class TcpProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private whole = true;
  private frozen = false;
  /** Delay in milliseconds in either direction. */
  delayMs = 0;

  protected constructor(
    /** Target of new connections; may change when a server restarts elsewhere. */
    public target: Address,
    private readonly filter: (link: Link) => Filter = passing,
  ) {
    this.server = createServer({ noDelay: true }, (client) => this.pass(client));
  }

  static async before(target: Address): Promise<TcpProxy> {
    return new TcpProxy(target).listening();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Address `host:port` for clients. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Breaks every connection and refuses new ones. */
  cut(): void {
    this.whole = false;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  heal(): void {
    this.whole = true;
  }

  /** Stops forwarding without closing connections, like an unplugged cable. */
  freeze(): void {
    this.frozen = true;
    for (const socket of this.sockets) socket.pause();
  }

  thaw(): void {
    this.frozen = false;
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  protected async listening(): Promise<this> {
    await new Promise<void>((resolve, reject) => this.server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return this;
  }

  private pass(client: Socket): void {
    if (!this.whole) return void client.resetAndDestroy();
    const server = connect({ ...this.target, noDelay: true });
    const cut = (): void => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    };
    const filter = this.filter({
      toServer: (data) => this.later(() => server.writable && server.write(data)),
      toClient: (data) => this.later(() => client.writable && client.write(data)),
      cut,
    });
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
      if (this.frozen) socket.pause();
    }
    client.on('data', (data: Buffer) => filter.fromClient(data)).on('close', () => this.later(() => server.end()));
    server.on('data', (data: Buffer) => filter.fromServer(data)).on('close', () => this.later(() => client.destroySoon()));
  }

  /** Keeps the order of all events, since each has the same delay. */
  private later(work: () => void): void {
    if (this.delayMs === 0) work();
    else setTimeout(work, this.delayMs);
  }
}
