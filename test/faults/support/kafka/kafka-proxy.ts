import { type HeldRequest, type Moment, Interceptors } from '../held.js';
import { type Address, type Filter, type Link, TcpProxy } from '../tcp-proxy.js';

/** API keys of Kafka's protocol. */
const requests = { Produce: 0, Fetch: 1, Metadata: 3, OffsetCommit: 8, FindCoordinator: 10, Heartbeat: 12 } as const;

type Api = keyof typeof requests;

const names = new Map(Object.entries(requests).map(([name, number]) => [number as number, name as Api]));

/** A proxy in front of a single-broker Kafka that can hold a request or its response. Metadata responses name the proxy as the broker. */
export class KafkaProxy extends TcpProxy {
  private readonly traps: Interceptors<Api>;

  private constructor(broker: Address) {
    const traps = new Interceptors<Api>();
    const here = (): Address => ({ host: '127.0.0.1', port: this.port });
    super(broker, (link) => kafkaFilter(link, traps, (answer) => moved(answer, this.target, here())));
    this.traps = traps;
  }

  /** Opens a proxy in front of a broker `host:port`. */
  static async inFrontOf(broker: string): Promise<KafkaProxy> {
    const [host = '', port] = broker.split(':');
    return new KafkaProxy({ host, port: Number(port) }).listening();
  }

  /** Resolves once the next request of this kind is held: `before` the broker receives it, or `after` it has responded. */
  nextRequest(api: Api, moment: Moment): Promise<HeldRequest> {
    return this.traps.next(api, moment);
  }
}

/** Splits the streams into requests and responses, which start with their length. */
function kafkaFilter(link: Link, traps: Interceptors<Api>, relocated: (answer: Buffer) => Buffer): Filter {
  /** Pending requests by correlation id. */
  const asked = new Map<number, Api>();
  const traced = new Map<number, (held: HeldRequest) => void>();
  const ask = (frame: Buffer): void => {
    const id = frame.readInt32BE(8);
    const api = names.get(frame.readInt16BE(4));
    if (api === undefined) return link.toServer(frame);
    asked.set(id, api);
    const trap = traps.take(api);
    if (trap?.moment === 'before') return trap.caught({ release: () => link.toServer(frame), cut: () => link.cut() });
    if (trap) traced.set(id, trap.caught);
    link.toServer(frame);
  };
  const answer = (frame: Buffer): void => {
    const id = frame.readInt32BE(4);
    const api = asked.get(id);
    const caught = traced.get(id);
    asked.delete(id);
    traced.delete(id);
    const response = api === 'Metadata' || api === 'FindCoordinator' ? relocated(frame) : frame;
    if (caught) caught({ release: () => link.toClient(response), cut: () => link.cut() });
    else link.toClient(response);
  };
  return { fromClient: frames(ask), fromServer: frames(answer) };
}

function frames(take: (frame: Buffer) => void): (data: Buffer) => void {
  let begun: Buffer = Buffer.alloc(0);
  return (data) => {
    begun = Buffer.concat([begun, data]);
    while (begun.length >= 4 && begun.length >= 4 + begun.readInt32BE(0)) {
      const end = 4 + begun.readInt32BE(0);
      const frame = begun.subarray(0, end);
      begun = begun.subarray(end);
      take(frame);
    }
  };
}

/** Replaces the address `from` by `to` in a response. */
function moved(answer: Buffer, from: Address, to: Address): Buffer {
  const [named, instead] = [written(from), written(to)];
  const parts: Buffer[] = [];
  let rest = answer.subarray(4);
  for (let at = rest.indexOf(named); at >= 0; at = rest.indexOf(named)) {
    parts.push(rest.subarray(0, at), instead);
    rest = rest.subarray(at + named.length);
  }
  const body = Buffer.concat([...parts, rest]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** An address in the wire format: length of the host, host, port. */
function written({ host, port }: Address): Buffer {
  const bytes = Buffer.alloc(2 + host.length + 4);
  bytes.writeInt16BE(host.length);
  bytes.write(host, 2, 'latin1');
  bytes.writeInt32BE(port, 2 + host.length);
  return bytes;
}
