import { databaseUrl, freePort, isFree, logFile, type Running, tail, Unavailable, whyNotReady } from '@orderloom/dev-services';
import type { ProcessGroup } from './process-group.js';

/** The services of `start` with their default ports. `ORDER_PORT` and so on override them; 0 selects a free port. */
const defaultPorts = { order: 4010, logistics: 4020, refund: 4030, 'after-sales': 4040, settings: 4050, console: 4090 } as const;

export type ServiceName = keyof typeof defaultPorts;

export interface Service {
  readonly name: ServiceName;
  readonly port: number;
  readonly url: string;
  readonly database: string;
}

export interface StackEnvironment {
  /** `.orderloom` */
  readonly dir: string;
  /** Environment variables with the address of the log. */
  readonly log: Readonly<Record<'KAFKA_BROKERS' | 'LOG_URL', string>>;
  /** File with the public keys for tokens. */
  readonly tokenKeys: string;
  /** The services are new but the log is not: they ignore its existing records. */
  readonly startsAtLogEnd: boolean;
  /** Database URL of the key ring, and the file with its master key. */
  readonly keyRing: { readonly url: string; readonly masterKeyFile: string };
}

export const databaseName = (service: string): string => `orderloom_${service.replaceAll('-', '_')}`;

export const keyRingDatabase = 'orderloom_keys';
/** Names of all databases; every service needs the first one. */
export const databaseNames = [keyRingDatabase, ...Object.keys(defaultPorts).map(databaseName)];

/** The services with an event store. */
export const eventStoreServices = ['order', 'logistics', 'refund', 'after-sales', 'settings'] as const;

const hasEventStore = (name: string): boolean => (eventStoreServices as readonly string[]).includes(name);

/** Database URL of a service on this server. */
export const databaseOf = (server: string, service: string): string => databaseUrl(server, databaseName(service));

/** Names, ports, URLs and databases of the services. */
export const planServices = (server: string, ports: Readonly<Record<ServiceName, number>>): Service[] =>
  (Object.keys(defaultPorts) as ServiceName[]).map((name) => ({
    name,
    port: ports[name],
    url: `http://127.0.0.1:${ports[name]}`,
    database: databaseOf(server, name),
  }));

/** Chooses the port of each service. Throws `Unavailable` with one sentence per invalid or occupied port. */
export async function choosePorts(env: NodeJS.ProcessEnv = process.env): Promise<Record<ServiceName, number>> {
  const chosen = { ...defaultPorts } as Record<ServiceName, number>;
  const wrong: string[] = [];
  for (const name of Object.keys(defaultPorts) as ServiceName[]) {
    const variable = `${name.toUpperCase().replaceAll('-', '_')}_PORT`;
    const wanted = env[variable] || String(defaultPorts[name]);
    const port = Number(wanted);
    if (!/^\d{1,5}$/.test(wanted) || port > 65_535) wrong.push(`${variable} is "${wanted}", expected a port from 0 to 65535.`);
    else if (port !== 0 && !(await isFree(port)))
      wrong.push(`Port ${port} for ${name} is in use: free it, or set ${variable} to another port (0 selects a free one).`);
    else chosen[name] = port === 0 ? await freePort() : port;
  }
  if (wrong.length > 0) throw new Unavailable(wrong.join('\n'));
  return chosen;
}

/** Starts a service, which migrates its database and topics first, and waits until it is ready. Throws `Unavailable`. */
export async function startService(group: ProcessGroup, service: Service, environment: StackEnvironment): Promise<Running> {
  const running = group.launch(service.name, { ...program(service, environment), log: logFile(environment.dir, service.name) });
  const why = await whyNotReady(running, () => isReady(service.url));
  if (why !== undefined)
    throw new Unavailable(`${service.name} did not become ready (${why}). Last lines of ${running.log}:\n${tail(running.log)}`);
  return running;
}

/** Path of an app's compiled entry point. */
export const entryPoint = (app: string): string => `dist/apps/${app}/src/main.js`;

/** Larger young generation (MB): most allocations live as long as a batch, so fewer collections copy live objects. */
const heapOptions = ['--max-semi-space-size=32'];

const program = (service: Service, { log, startsAtLogEnd, tokenKeys, keyRing }: StackEnvironment) => ({
  command: process.execPath,
  args: [
    ...heapOptions,
    entryPoint(service.name),
    'migrate',
    ...(startsAtLogEnd && hasEventStore(service.name) ? ['start-at-log-end'] : []),
    'serve',
  ],
  env: {
    ...process.env,
    DATABASE_URL: service.database,
    ...log,
    KEY_RING_URL: keyRing.url,
    KEY_RING_MASTER_KEY_FILE: keyRing.masterKeyFile,
    PORT: String(service.port),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
    // Services accept tokens of this folder's key pair only.
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
