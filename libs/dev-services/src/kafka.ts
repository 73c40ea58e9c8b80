import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaJars, kafkaVersion } from './kafka-jars.js';
import { answers, freePort } from './ports.js';
import { endLeftOver, launch, logFile, type Running, tail, whyNotReady } from './process.js';
import { Unavailable } from './unavailable.js';

export interface DevKafka {
  readonly kind: 'given' | 'docker' | 'java' | 'embedded';
  /** `host:port`; none where the embedded log stands in. */
  readonly brokers: readonly string[];
  /** Of the embedded log's database. */
  readonly url?: string;
  /** What it is and why that one, for people. */
  readonly about: string;
  readonly process?: Running;
  stop(): Promise<void>;
}

export const jvmOptions = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];

interface KafkaOptions {
  /** Settings that take the place of ours, and arguments of its first format: a broker that asks for more than ours does. */
  readonly settings?: (ports: { readonly port: number; readonly controller: number }) => string;
  readonly format?: readonly string[];
}

/** One node, started from Kafka's jars by Java 17 or newer; throws `Unavailable`. */
export async function startJavaKafka(dir: string, { settings: more, format: formatted = [] }: KafkaOptions = {}): Promise<DevKafka> {
  const java = findJava();
  const folder = join(dir, 'kafka');
  mkdirSync(folder, { recursive: true });
  await endLeftOverKafka(dir);
  const jars = await kafkaJars(dir);
  const [port, controller] = [await freePort(), await freePort()];
  const settings = join(folder, 'server.properties');
  const [listen, quorum] = [`127.0.0.1:${port}`, `127.0.0.1:${controller}`];
  writeFileSync(settings, properties(folder, { listen, advertise: listen, controller: quorum }) + (more?.({ port, controller }) ?? ''));
  const jvm = [...jvmOptions, '-cp', join(jars, '*')];
  if (!existsSync(join(folder, 'data', 'meta.properties'))) await format(java, jvm, settings, formatted);
  const server = launch({ command: java, args: [...jvm, 'kafka.Kafka', settings], log: logFile(dir, 'kafka') });
  writeFileSync(join(folder, 'pid'), String(server.pid));
  const why = await whyNotReady(server, () => answers(port));
  if (why !== undefined) {
    await server.stop();
    throw new Unavailable(`Kafka did not start (${why}): ${tail(server.log, 5)}`);
  }
  const about = `Kafka ${kafkaVersion} on this machine's Java`;
  return { kind: 'java', brokers: [`127.0.0.1:${port}`], about, process: server, stop: () => server.stop() };
}

export async function givenKafka(given: string): Promise<DevKafka> {
  const brokers = given.split(',').map((broker) => broker.trim());
  const heard = await Promise.all(brokers.map((broker) => answers(...hostAndPort(broker))));
  if (!heard.includes(true))
    throw new Unavailable(`KAFKA_BROKERS is ${given}, but nobody answers there: start Kafka, or unset KAFKA_BROKERS.`);
  return { kind: 'given', brokers, about: `Kafka at ${given} as KAFKA_BROKERS says`, stop: async () => undefined };
}

function hostAndPort(broker: string): [port: number, host: string] {
  const [, host, port] = /^\[?(.+?)\]?:(\d{1,5})$/.exec(broker) ?? [];
  if (!host || !port) throw new Unavailable(`KAFKA_BROKERS must be host:port, separated by commas; "${broker}" is not.`);
  return [Number(port), host];
}

export function findJava(): string {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const said = spawnSync(java, ['-version'], { encoding: 'utf8' }).stderr ?? '';
  const version = Number(/version "(\d+)/.exec(said)?.[1] ?? 0);
  if (version >= 17) return java;
  const found = version === 0 ? 'Java was not found' : `only Java ${version} was found`;
  throw new Unavailable(`Kafka needs Java 17 or newer, and ${found}: install one (a JRE is enough), or set KAFKA_BROKERS.`, found);
}

/** Stops a Kafka that an earlier start with `dir` has left running. */
export async function endLeftOverKafka(dir: string): Promise<void> {
  const note = join(dir, 'kafka', 'pid');
  if (existsSync(note)) await endLeftOver(Number(readFileSync(note, 'utf8')), join(dir, 'kafka', 'server.properties'), 'SIGTERM');
}

async function format(java: string, jvm: readonly string[], settings: string, more: readonly string[]): Promise<void> {
  await promisify(execFile)(java, [...jvm, 'kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', settings, ...more]);
}

/** Kafka takes an id that begins with a dash for an option. */
export const clusterId = (): string => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url').replace(/^-/, 'a');

/** Addresses are `host:port`. */
export interface Addresses {
  readonly listen: string;
  readonly advertise: string;
  readonly controller: string;
}

export const properties = (folder: string, { listen, advertise, controller }: Addresses): string => `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${controller}
listeners=PLAINTEXT://${listen},CONTROLLER://${controller}
advertised.listeners=PLAINTEXT://${advertise}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=${join(folder, 'data')}
auto.create.topics.enable=false
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=2
share.coordinator.state.topic.replication.factor=1
group.initial.rebalance.delay.ms=0
`;
