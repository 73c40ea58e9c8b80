import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, realpathSync } from 'node:fs';
import type { StartedTestContainer } from 'testcontainers';
import { dockerEngine, type Engine, hostOf } from './docker-engine.js';
import { logFile } from '../process.js';
import { Unavailable } from '../unavailable.js';

export interface ContainerPlan {
  /** `postgres` or `kafka`: base of the log's and the volume's name. */
  readonly name: string;
  readonly dir: string;
  readonly image: string;
  /** A shell script, run as root. `/data` is a volume that persists between starts. */
  readonly script: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The port in the container and on this machine. */
  readonly port: { readonly container: number; readonly host: number };
}

export interface Container {
  readonly host: string;
  readonly volume: string;
  stop(): Promise<void>;
}

let engineLookup: Promise<Engine | undefined> | undefined;

/** The available Docker engine. Throws `Unavailable`. */
export async function findDockerEngine(): Promise<Engine> {
  // Looked up before testcontainers is loaded, which takes long enough to exceed the time limit of the ping.
  const engine = await (engineLookup ??= dockerEngine());
  if (!engine)
    throw new Unavailable(
      'No Docker engine is reachable: start one, or unset ORDERLOOM_LOG and ORDERLOOM_POSTGRES.',
      'no Docker engine is reachable',
    );
  return engine;
}

/** Starts a container through testcontainers. It is removed by `stop`, and also if this process is killed. Throws `Unavailable`. */
export async function startContainer({ name, dir, image, script, environment = {}, port }: ContainerPlan): Promise<Container> {
  const engine = await findDockerEngine();
  // The reaper of testcontainers would need another, privileged image; the guard below has the same effect.
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
      `Docker could not start ${image} (${error.message}): check the image, or select another kind with ORDERLOOM_LOG or ORDERLOOM_POSTGRES.`,
      `Docker could not start ${image}`,
    );
  });
  const guard = watchOver(engine, started.getId());
  return { host: hostOf(engine), volume, stop: () => stop(started, guard) };
}

/** Removes the volume with the data of `name` for `dir`. */
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

/** Removes containers that an earlier start left behind. */
async function removeContainersOf(volume: string): Promise<void> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const leftovers = await dockerode.listContainers({ all: true, filters: { label: [`${label}=${volume}`] } });
  await Promise.all(leftovers.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true })));
}

// Runs beside this process and removes the container when its standard input closes, however this process ends.
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
