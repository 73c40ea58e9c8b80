import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, realpathSync } from 'node:fs';
import type { StartedTestContainer } from 'testcontainers';
import { dockerEngine, type Engine, hostOf } from './docker-engine.js';
import { logFile } from './process.js';
import { Unavailable } from './unavailable.js';

export interface ContainerPlan {
  /** `postgres`, `kafka`: names its log and its volume. */
  readonly name: string;
  readonly dir: string;
  readonly image: string;
  /** A shell script, run as root; `/data` in it is a volume that stays between starts. */
  readonly script: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The port in the container, and on this machine. */
  readonly port: { readonly container: number; readonly host: number };
}

export interface Container {
  readonly host: string;
  readonly volume: string;
  stop(): Promise<void>;
}

let asked: Promise<Engine | undefined> | undefined;

/** The engine that answers; throws `Unavailable`. */
export async function theEngine(): Promise<Engine> {
  // asked once, before testcontainers is loaded: that takes long enough for an answer to seem late
  const engine = await (asked ??= dockerEngine());
  if (!engine)
    throw new Unavailable(
      'No Docker engine answers: start one, or unset ORDERLOOM_LOG and ORDERLOOM_POSTGRES.',
      'no Docker engine answers',
    );
  return engine;
}

/** Starts a container by testcontainers; it is gone after `stop`, and also when this process is killed. Throws `Unavailable`. */
export async function startContainer({ name, dir, image, script, environment = {}, port }: ContainerPlan): Promise<Container> {
  const engine = await theEngine();
  // its reaper is one more image to fetch, and a privileged one: the guard below does the same
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { GenericContainer, Wait } = await import('testcontainers');
  const volume = volumeOf(dir, name);
  await removeContainersOf(volume);
  const log = createWriteStream(logFile(dir, name), { flags: 'a' });
  const plan = new GenericContainer(image)
    .withLabels({ [label]: volume })
    .withUser('root')
    .withEntrypoint(['sh', '-c', `echo begins; ${script}`])
    .withCommand([])
    .withEnvironment(environment)
    .withBindMounts([{ source: volume, target: '/data', mode: 'rw' }])
    .withExposedPorts(port)
    .withLogConsumer((stream) => stream.pipe(log))
    .withWaitStrategy(Wait.forLogMessage('begins'));
  const started = await plan.start().catch((error: Error) => {
    throw new Unavailable(
      `Docker could not start ${image} (${error.message}): see to it, or set ORDERLOOM_LOG.`,
      `Docker could not start ${image}`,
    );
  });
  const guard = watchOver(engine, started.getId());
  return { host: hostOf(engine), volume, stop: () => stop(started, guard) };
}

/** Removes the volume that `name` keeps its data in for `dir`. */
export async function removeVolume(dir: string, name: string): Promise<void> {
  const engine = await dockerEngine();
  if (!engine) return;
  await removeContainersOf(volumeOf(dir, name));
  const { getContainerRuntimeClient } = await import('testcontainers');
  const { container } = await getContainerRuntimeClient();
  await container.dockerode.getVolume(volumeOf(dir, name)).remove();
}

const label = 'orderloom.volume';

const volumeOf = (dir: string, name: string): string =>
  `orderloom-${name}-${createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 12)}`;

async function stop(container: StartedTestContainer, guard: { kill(): void }): Promise<void> {
  await container.stop({ timeout: 10_000 });
  guard.kill();
}

/** What an earlier start may have left. */
async function removeContainersOf(volume: string): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const left = await dockerode.listContainers({ all: true, filters: { label: [`${label}=${volume}`] } });
  await Promise.all(left.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true })));
}

// Lives beside us and sees our end, however we end, by its standard input: then it removes the container.
const guardian = `const [engine, id] = process.argv.slice(1);
process.stdin.resume().on('end', () => require('node:http').request({ ...JSON.parse(engine), method: 'DELETE', path: '/containers/' + id + '?force=true' }).on('error', () => {}).end());`;

function watchOver(engine: Engine, id: string): { kill(): void } {
  const guard = spawn(process.execPath, ['-e', guardian, JSON.stringify(engine), id], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return { kill: () => void guard.kill('SIGKILL') };
}
