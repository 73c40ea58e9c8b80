import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** How a Docker engine is reached: a socket of this machine, or a host and port. */
export type Engine = { readonly socketPath: string } | { readonly host: string; readonly port: number };

const pingMs = 300;

/** The Docker engine that answers (`DOCKER_HOST`, else the usual sockets), where one does; known within 300 ms. */
export async function dockerEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine | undefined> {
  const engines = places(env);
  const heard = await Promise.all(engines.map(answersPing));
  return engines.find((_, i) => heard[i]);
}

/** Where ports of containers are reached. */
export const hostOf = (engine: Engine): string => ('host' in engine ? engine.host : '127.0.0.1');

function places({ DOCKER_HOST = '', XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): Engine[] {
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

const answersPing = (engine: Engine): Promise<boolean> =>
  new Promise((resolve) => {
    const asking = request({ ...engine, path: '/_ping', timeout: pingMs }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asking.once('timeout', () => asking.destroy());
    asking.once('close', () => resolve(false));
    asking.once('error', () => resolve(false));
    asking.end();
  });
