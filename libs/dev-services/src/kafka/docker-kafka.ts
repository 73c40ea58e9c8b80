import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { startContainer, findDockerEngine } from '../docker/container.js';
import { hostOf } from '../docker/docker-engine.js';
import { clusterId, type DevKafka, jvmOptions, properties } from './kafka.js';
import { freePort } from '../ports.js';
import { logFile, tail } from '../process.js';
import { Unavailable } from '../unavailable.js';

/** Docker's official image. Any image with Java 17 and Kafka's jars in /opt/kafka/libs works; its entrypoint is not used. */
const official = 'apache/kafka:4.1.1';

const script = `
PATH="$PATH:$JAVA_HOME/bin"
mkdir -p /data/kafka; echo "$PROPERTIES" > /data/kafka/server.properties
[ -s /data/kafka/data/meta.properties ] || java $JVM kafka.tools.StorageTool format -t "$CLUSTER" -c /data/kafka/server.properties || exit 1
exec java $JVM kafka.Kafka /data/kafka/server.properties
`;

const startTimeoutMs = 60_000;
/** An ApiVersions request, version 0, correlation id 1, without a client id. */
const apiVersionsRequest = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255]);

/** Starts a single Kafka node in a container. Throws `Unavailable`. */
export async function startDockerKafka(dir: string): Promise<DevKafka> {
  const image = process.env.KAFKA_IMAGE || official;
  const host = hostOf(await findDockerEngine());
  const port = await freePort();
  const environment = {
    PROPERTIES: properties('/data/kafka', { listen: '0.0.0.0:9092', advertise: `${host}:${port}`, controller: '127.0.0.1:9093' }),
    JVM: [...jvmOptions, '-cp', '/opt/kafka/libs/*'].join(' '),
    CLUSTER: clusterId(),
  };
  const container = await startContainer({
    name: 'kafka',
    dir,
    image,
    script: `set -f; ${script}`,
    environment,
    port: { container: 9092, host: port },
  });
  for (const until = Date.now() + startTimeoutMs; !(await isKafka(port, host)); await pause(50)) {
    if (Date.now() < until) continue;
    await container.stop();
    throw new Unavailable(`Kafka in Docker (${image}) did not start: ${tail(logFile(dir, 'kafka'), 5)}`, `${image} did not start`);
  }
  return {
    kind: 'docker',
    brokers: [`${host}:${port}`],
    about: `Kafka in Docker (${image}), its data in volume ${container.volume}`,
    stop: () => container.stop(),
  };
}

/** Returns whether Kafka responds; Docker's proxy accepts connections before Kafka does. */
const isKafka = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host, timeout: 1_000 }, () => socket.write(apiVersionsRequest));
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('data', () => done(true))
      .once('error', () => done(false))
      .once('close', () => done(false))
      .once('timeout', () => done(false));
  });
