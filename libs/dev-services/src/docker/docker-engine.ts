import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Address of a Docker engine: a socket of this machine, or a host and port. */
export type Engine = { readonly socketPath: string } | { readonly host: string; readonly port: number };

const pingTimeoutMs = 300;

/** The first reachable Docker engine (`DOCKER_HOST`, else the usual sockets), or undefined. Takes at most 300 ms. */
export async function dockerEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine | undefined> {
  const engines = candidateEngines(env);
  const reachable = await Promise.all(engines.map(isReachable));
  return engines.find((_, i) => reachable[i]);
}

/** Host of published container ports. */
export const hostOf = (engine: Engine): string => ('host' in engine ? engine.host : '127.0.0.1');

function candidateEngines({ DOCKER_HOST = '', XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): Engine[] {
  if (DOCKER_HOST.startsWith('unix://')) return [{ socketPath: DOCKER_HOST.slice('unix://'.length) }];
  if (/^(tcp|http):/.test(DOCKER_HOST)) {
    const { hostname, port } = new URL(DOCKER_HOST);
    return [{ host: hostname, port: Number(port || 2375) }];
  }
  const sockets = ['/var/run/docker.sock', join(homedir(), '.docker/run/docker.sock'), join(homedir(), '.docker/desktop/docker.sock')];
  if (XDG_RUNTIME_DIR) sockets.push(join(XDG_RUNTIME_DIR, '.docker/run/docker.sock'), join(XDG_RUNTIME_DIR, 'docker.sock'));
  if (process.platform === 'win32') return [{ socketPath: '//./pipe/docker_engine' }];
  return sockets.filter((socket) => existsSync(socket)).map((socketPath) => ({ socketPath }));
}

const isReachable = (engine: Engine): Promise<boolean> =>
  new Promise((resolve) => {
    const ping = request({ ...engine, path: '/_ping', timeout: pingTimeoutMs }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    ping.once('timeout', () => ping.destroy());
    ping.once('close', () => resolve(false));
    ping.once('error', () => resolve(false));
    ping.end();
  });
