import { databaseUrl, freePort, isFree, logFile, type Running, tail, Unavailable, whyNotReady } from '@orderloom/dev-services';
import type { House } from './house.js';

/** The services that `start` runs, and the port of each unless `ORDER_PORT` (and so on) says another; 0 is any free one. */
const defaultPorts = { order: 4010, logistics: 4020, refund: 4030, 'after-sales': 4040, console: 4090 } as const;

export type ServiceName = keyof typeof defaultPorts;

export interface Service {
  readonly name: ServiceName;
  readonly port: number;
  readonly url: string;
  readonly database: string;
}

export interface Surroundings {
  /** `.orderloom` */
  readonly dir: string;
  /** Where the log is, as every process is told. */
  readonly log: Readonly<Record<'KAFKA_BROKERS' | 'LOG_URL', string>>;
  /** File with the public keys of tokens. */
  readonly tokenKeys: string;
  /** The services are new, and the log is not: what is on it is not theirs. */
  readonly beginsHere: boolean;
  /** The database of the key ring, and the file of its master key. */
  readonly keyRing: { readonly url: string; readonly masterKeyFile: string };
}

export const databaseName = (service: string): string => `orderloom_${service.replaceAll('-', '_')}`;

export const keyRingDatabase = 'orderloom_keys';
/** All of them; every service needs the first one. */
export const databaseNames = [keyRingDatabase, ...Object.keys(defaultPorts).map(databaseName)];

/** The services that keep facts. */
export const audited = ['order', 'logistics', 'refund', 'after-sales'] as const;

const isAudited = (name: string): boolean => (audited as readonly string[]).includes(name);

/** The database of a service on this server. */
export const databaseOf = (server: string, service: string): string => databaseUrl(server, databaseName(service));

/** Which services run where; throws `Unavailable` for a port that is taken. */
export const planServices = (server: string, ports: Readonly<Record<ServiceName, number>>): Service[] =>
  (Object.keys(defaultPorts) as ServiceName[]).map((name) => ({
    name,
    port: ports[name],
    url: `http://127.0.0.1:${ports[name]}`,
    database: databaseOf(server, name),
  }));

/** The port of each service; throws `Unavailable` with a sentence for each that is no port or taken. */
export async function choosePorts(env: NodeJS.ProcessEnv = process.env): Promise<Record<ServiceName, number>> {
  const chosen = { ...defaultPorts } as Record<ServiceName, number>;
  const wrong: string[] = [];
  for (const name of Object.keys(defaultPorts) as ServiceName[]) {
    const variable = `${name.toUpperCase().replaceAll('-', '_')}_PORT`;
    const wanted = env[variable] || String(defaultPorts[name]);
    const port = Number(wanted);
    if (!/^\d{1,5}$/.test(wanted) || port > 65_535) wrong.push(`${variable} is "${wanted}", which is no port.`);
    else if (port !== 0 && !(await isFree(port)))
      wrong.push(`Port ${port} for ${name} is in use: free it, or set ${variable} to another one (0 takes any).`);
    else chosen[name] = port === 0 ? await freePort() : port;
  }
  if (wrong.length > 0) throw new Unavailable(wrong.join('\n'));
  return chosen;
}

/** Starts the service, which brings its tables and topics up to date first, and waits until it says that it is ready. */
export async function startService(house: House, service: Service, around: Surroundings): Promise<Running> {
  const running = house.launch(service.name, { ...program(service, around), log: logFile(around.dir, service.name) });
  const why = await whyNotReady(running, () => isReady(service.url));
  if (why !== undefined)
    throw new Unavailable(`${service.name} did not get ready (${why}). The end of ${running.log}:\n${tail(running.log)}`);
  return running;
}

/** The compiled entry of an app. */
export const main = (app: string): string => `dist/apps/${app}/src/main.js`;

/** Most of what a service allocates is of one batch: with more room (MB), fewer collections copy what is still in hand. */
const youngSpace = ['--max-semi-space-size=32'];

const program = (service: Service, { log, beginsHere, tokenKeys, keyRing }: Surroundings) => ({
  command: process.execPath,
  args: [...youngSpace, main(service.name), 'migrate', ...(beginsHere && isAudited(service.name) ? ['begin-here'] : []), 'serve'],
  env: {
    ...process.env,
    DATABASE_URL: service.database,
    ...log,
    KEY_RING_URL: keyRing.url,
    KEY_RING_MASTER_KEY_FILE: keyRing.masterKeyFile,
    PORT: String(service.port),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
    // tokens of this folder's key pair count here, and no others
    AUTH_JWKS: '',
    AUTH_JWKS_FILE: tokenKeys,
    AUTH_ISSUER: '',
    AUTH_AUDIENCE: '',
  },
});

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).then(
    (answer) => answer.status === 200,
    () => false,
  );
