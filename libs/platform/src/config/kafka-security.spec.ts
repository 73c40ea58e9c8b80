import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { type DevKafka, startJavaKafka, TokenKeys, Unavailable } from '@orderloom/dev-services';
import { newId } from '@orderloom/kernel';
import { KafkaLog } from '@orderloom/messaging';
import { kafkaConnection } from './config-kafka.js';
import { baseConfig, readConfig } from './config.js';
import { createLog, logFunction } from '../observability/logger.js';
import { secretsOf } from '../observability/secrets.js';

jest.setTimeout(180_000);

const dir = mkdtempSync(join(tmpdir(), 'orderloom-secured-'));
const password = 'correct horse battery';
const keystorePassword = 'keystore-of-the-broker';
const keystore = join(dir, 'broker.p12');
const [authority, stranger] = [join(dir, 'authority.pem'), join(dir, 'stranger.pem')];

/** Makes a key pair with a certificate for 127.0.0.1, and writes the certificate as PEM. */
function certify(store: string, pem: string): void {
  const keytool = (...args: string[]) =>
    execFileSync('keytool', [...args, '-alias', 'broker', '-keystore', store, '-storepass', keystorePassword], { stdio: 'pipe' });
  keytool('-genkeypair', '-keyalg', 'EC', '-dname', 'CN=broker', '-ext', 'SAN=ip:127.0.0.1', '-storetype', 'PKCS12');
  writeFileSync(pem, keytool('-exportcert', '-rfc'));
}

const jaas = 'org.apache.kafka.common.security';
const settings = ({ port, controller }: { port: number; controller: number }) => `
listeners=SASL_SSL://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=SASL_SSL://127.0.0.1:${port}
listener.security.protocol.map=SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=SASL_SSL
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256
sasl.mechanism.inter.broker.protocol=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=${jaas}.plain.PlainLoginModule required username="broker" password="b" user_broker="b" user_order="${password}";
listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config=${jaas}.scram.ScramLoginModule required;
ssl.keystore.type=PKCS12
ssl.keystore.location=${keystore}
ssl.keystore.password=${keystorePassword}
ssl.truststore.type=PEM
ssl.truststore.location=${authority}
`;

/** A broker that takes none but known users over TLS; undefined, and why is said, where this machine can't run one. */
async function start(): Promise<DevKafka | undefined> {
  try {
    certify(keystore, authority);
    certify(join(dir, 'stranger.p12'), stranger);
    return await startJavaKafka(dir, { settings, format: ['--add-scram', `SCRAM-SHA-256=[name=order,password=${password}]`] });
  } catch (error) {
    const noJava =
      (error as { code?: string }).code === 'ENOENT' || (error instanceof Unavailable && /needs Java|Maven/.test(error.message));
    if (!noJava) throw error;
    console.warn(`Kafka with SASL and TLS is not tried: ${(error as Error).message}`);
    return undefined;
  }
}

const kafka = await start();
const keys = JSON.stringify((await TokenKeys.make()).jwks);
const lines: string[] = [];
const open: KafkaLog[] = [];
afterAll(async () => {
  await Promise.all(open.map((log) => log.close()));
  await kafka?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** A service's log client, as its environment says. */
function logWith(environment: Record<string, string>): KafkaLog {
  const base = { DATABASE_URL: 'postgres://order@db/order', KAFKA_BROKERS: (kafka?.brokers ?? []).join(','), AUTH_JWKS: keys };
  const config = readConfig(baseConfig, { ...base, ...environment });
  const log = createLog('order', 'trace', { destination: { write: (line) => void lines.push(line) }, known: secretsOf(config) });
  const client = new KafkaLog({ ...kafkaConnection(config), clientId: 'orderloom.order', log: logFunction(log), publishPatienceMs: 3_000 });
  open.push(client);
  return client;
}

const tls = { KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: authority };
const sasl = (mechanism: string, secret = password) => ({
  ...{ KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: 'order', KAFKA_SASL_PASSWORD: secret },
});
const refusal = (environment: Record<string, string>): Promise<string> =>
  logWith(environment)
    .ensureTopics([{ topic: 'refused', partitions: 1, config: {} }])
    .then(
      () => 'was let in',
      (error: Error) => error.message,
    );

const why = kafka ? '' : ' (skipped: no Java or no jars of Kafka are here)';
(kafka ? describe : describe.skip)(`a Kafka that requires SASL and TLS${why}`, () => {
  it.each(['plain', 'scram-sha-256'])('with the right name and password records are written and read by %s', async (mechanism) => {
    const log = logWith({ ...tls, ...sasl(mechanism) });
    const topic = `secured.${newId()}`;
    await log.ensureTopics([{ topic, partitions: 1, config: {} }]);
    const read = new Promise<string>((resolve, reject) => {
      const handle = async (records: readonly { readonly value: Buffer | null }[]) => resolve(String(records[0]?.value));
      void log.subscribe({ group: topic, topics: [topic], handle, onCrash: reject }).catch(reject);
    });
    await log.publish([{ topic, key: '536365', value: Buffer.from('in secret'), headers: {} }]);
    expect(await read).toBe('in secret');
  });

  it.each(['plain', 'scram-sha-256'])('a wrong password is refused by %s, with an error that says so', async (mechanism) => {
    expect(await refusal({ ...tls, ...sasl(mechanism, 'wrong horse battery') })).toMatch(
      /authentication failed|invalid (username|credentials)/i,
    );
  });

  it('a connection without a name is refused', async () => {
    expect(await refusal(tls)).toMatch(/closed connection|connection error|disconnect/i);
  });

  it('a connection in plain text is refused', async () => {
    expect(await refusal(sasl('plain'))).toMatch(/closed connection|connection error|timeout|disconnect/i);
  });

  it('a broker with a certificate of another authority is refused', async () => {
    expect(await refusal({ KAFKA_SSL: 'true', KAFKA_SSL_CA_FILE: stranger, ...sasl('plain') })).toMatch(/certificate/i);
  });

  it('the log contains no password', () => {
    const log = lines.join('');
    expect(log).toMatch(/"level":"error"/);
    expect(log).not.toContain(password);
    expect(log).not.toContain('horse');
  });
});
