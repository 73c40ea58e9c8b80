import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaJars, kafkaVersion } from './kafka-jars.js';
import { acceptsConnections, freePort } from '../ports.js';
import { endLeftOver, launch, logFile, type Running, tail, whyNotReady } from '../process.js';
import { Unavailable } from '../unavailable.js';

export interface DevKafka {
  readonly kind: 'given' | 'docker' | 'java' | 'embedded';
  /** Addresses `host:port`; empty if the embedded log is used. */
  readonly brokers: readonly string[];
  /** URL of the embedded log's database. */
  readonly url?: string;
  /** Description and reason of the choice, for people. */
  readonly about: string;
  readonly process?: Running;
  stop(): Promise<void>;
}

export const jvmOptions = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];

interface KafkaOptions {
  /** Overrides of the settings, and further arguments for formatting the storage. */
  readonly settings?: (ports: { readonly port: number; readonly controller: number }) => string;
  readonly format?: readonly string[];
}

/** Starts a single node from Kafka's jars with Java 17 or newer. Throws `Unavailable`. */
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
  const why = await whyNotReady(server, () => acceptsConnections(port));
  if (why !== undefined) {
    await server.stop();
    throw new Unavailable(`Kafka did not start (${why}): ${tail(server.log, 5)}`);
  }
  const about = `Kafka ${kafkaVersion} on this machine's Java`;
  return { kind: 'java', brokers: [`127.0.0.1:${port}`], about, process: server, stop: () => server.stop() };
}

export async function givenKafka(given: string): Promise<DevKafka> {
  const brokers = given.split(',').map((broker) => broker.trim());
  const reachable = await Promise.all(brokers.map((broker) => acceptsConnections(...hostAndPort(broker))));
  if (!reachable.includes(true))
    throw new Unavailable(`KAFKA_BROKERS is ${given}, but no broker is reachable there: start Kafka, or unset KAFKA_BROKERS.`);
  return { kind: 'given', brokers, about: `Kafka at ${given}, set by KAFKA_BROKERS`, stop: async () => undefined };
}

function hostAndPort(broker: string): [port: number, host: string] {
  const [, host, port] = /^\[?(.+?)\]?:(\d{1,5})$/.exec(broker) ?? [];
  if (!host || !port) throw new Unavailable(`KAFKA_BROKERS has the invalid entry "${broker}": expected host:port, separated by commas.`);
  return [Number(port), host];
}

export function findJava(): string {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const output = spawnSync(java, ['-version'], { encoding: 'utf8' }).stderr ?? '';
  const version = Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
  if (version >= 17) return java;
  const found = version === 0 ? 'Java was not found' : `only Java ${version} was found`;
  throw new Unavailable(`Kafka needs Java 17 or newer, but ${found}: install a JRE, or set KAFKA_BROKERS.`, found);
}

/** Stops a Kafka that an earlier start with `dir` left running. */
export async function endLeftOverKafka(dir: string): Promise<void> {
  const pidFile = join(dir, 'kafka', 'pid');
  if (existsSync(pidFile)) await endLeftOver(Number(readFileSync(pidFile, 'utf8')), join(dir, 'kafka', 'server.properties'), 'SIGTERM');
}

async function format(java: string, jvm: readonly string[], settings: string, more: readonly string[]): Promise<void> {
  await promisify(execFile)(java, [...jvm, 'kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', settings, ...more]);
}

/** A cluster id; Kafka's tools parse an id with a leading dash as an option. */
export const clusterId = (): string => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url').replace(/^-/, 'a');

/** Addresses in the form `host:port`. */
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
