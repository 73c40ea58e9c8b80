import { connect, type Socket } from 'node:net';
import { newId } from '@orderloom/kernel';
import kafkajs, { type ISocketFactory } from 'kafkajs';
import { KafkaLog, type KafkaLogConfig } from './kafka-log.js';

/** Brokers shared by the whole test run. */
export const brokers = (process.env['TEST_KAFKA_BROKERS'] ?? '').split(',');

/** `describe` for suites that need Kafka; without Kafka the suite is skipped, and its name states why. */
export const describeOnKafka = (name: string, body: () => void): void =>
  brokers[0] ? describe(name, body) : describe.skip(`${name} (skipped: Kafka is not available)`, body);

const openLogs: KafkaLog[] = [];

/** Opens a log that `closeLogs` closes. */
export function makeLog(config: Partial<KafkaLogConfig> = {}): KafkaLog {
  const log = new KafkaLog({ brokers, clientId: 'test', ...config });
  openLogs.push(log);
  return log;
}

export async function closeLogs(): Promise<void> {
  await Promise.all(openLogs.splice(0).map((log) => log.close()));
}

/** Creates a topic with one partition. */
export async function topicOf(log: KafkaLog, config: Record<string, string> = {}): Promise<string> {
  const topic = `test.${newId()}`;
  await log.ensureTopics([{ topic, partitions: 1, config }]);
  return topic;
}

/** A network to the brokers that can be cut, or can drop responses to produce requests that were executed. */
export class Network {
  answersToLose = 0;
  heartbeats = 0;
  private whole = true;
  private readonly sockets = new Set<Socket>();

  readonly socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
    const socket = connect({ host, port: this.whole ? port : 1 }, onConnect);
    this.sockets.add(socket.once('close', () => this.sockets.delete(socket)));
    let producing = false;
    const write = socket.write.bind(socket);
    const emit = socket.emit.bind(socket);
    socket.write = (request: Buffer, ...rest: never[]): boolean => {
      const api = request.readInt16BE(4);
      producing = api === 0;
      if (api === 12) this.heartbeats += 1;
      return write(request, ...rest);
    };
    socket.emit = (event: string, ...args: unknown[]): boolean => {
      if (event !== 'data' || !producing || this.answersToLose === 0) return emit(event, ...args);
      this.answersToLose -= 1;
      socket.destroy(reset());
      return true;
    };
    return socket;
  };

  disconnect(): void {
    this.whole = false;
    for (const socket of this.sockets) socket.destroy(reset());
  }

  reconnect(): void {
    this.whole = true;
  }
}

const reset = (): Error => Object.assign(new Error('connection reset by the test'), { code: 'ECONNRESET' });

/** Sends a record with a compression codec that kafkajs cannot read, to the first partition of `topic`. */
export async function publishSnappyRecord(topic: string, on: readonly string[] = brokers): Promise<void> {
  const { CompressionCodecs, CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs;
  const original = CompressionCodecs[CompressionTypes.Snappy];
  CompressionCodecs[CompressionTypes.Snappy] = () => ({ compress: async ({ buffer }: { buffer: Buffer }) => snappy(buffer) });
  const kafka = new Kafka({ brokers: [...on], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  try {
    await producer.connect();
    const messages = [{ key: 'k', value: 'from a stranger', partition: 0 }];
    await producer.send({ topic, compression: CompressionTypes.Snappy, messages });
  } finally {
    await producer.disconnect();
    CompressionCodecs[CompressionTypes.Snappy] = original;
  }
}

/** Snappy without compression: literals only, in Java's framing. */
function snappy(buffer: Buffer): Buffer {
  const varint: number[] = [];
  for (let rest = buffer.length; ; rest >>>= 7) {
    varint.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  const literal = Buffer.from([61 << 2, (buffer.length - 1) & 255, (buffer.length - 1) >> 8]);
  const block = Buffer.concat([Buffer.from(varint), literal, buffer]);
  const head = Buffer.from('82534e41505059000000000100000001', 'hex');
  const size = Buffer.alloc(4);
  size.writeInt32BE(block.length);
  return Buffer.concat([head, size, block]);
}
