import { setTimeout as pause } from 'node:timers/promises';
import { startContainer } from '../docker/container.js';
import { withClient } from './databases.js';
import { freePort } from '../ports.js';
import type { DevPostgres } from './dev-postgres.js';
import { logFile, tail } from '../process.js';
import { Unavailable } from '../unavailable.js';

/** Docker's official image. Any image with the programs of Postgres works; its entrypoint is not used. */
const official = 'postgres:17';

/** Finds the programs in the paths of Docker's and Debian's images, and runs them as user postgres. */
const script = `
PATH="$PATH:$(echo /usr/lib/postgresql/*/bin)"
as() { if command -v gosu >/dev/null; then gosu postgres "$@"; elif command -v su-exec >/dev/null; then su-exec postgres "$@"; else setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; fi; }
cd /data; chown postgres /data; chmod 700 /data
[ -s db/PG_VERSION ] || { rm -rf part; as initdb -D part -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null && echo 'host all all all trust' >> part/pg_hba.conf && mv part db; } || exit 1
rm -f db/postmaster.pid
as postgres -D db -c listen_addresses='*' -c unix_socket_directories= $SETTINGS &
trap 'kill -INT $(head -1 db/postmaster.pid)' TERM INT
wait; wait
`;

const startTimeoutMs = 60_000;

/** Starts Postgres in a container. Throws `Unavailable`. */
export async function startDockerPostgres(dir: string, settings: readonly string[]): Promise<DevPostgres> {
  const image = process.env.POSTGRES_IMAGE || official;
  const port = await freePort();
  const environment = { SETTINGS: settings.join(' ') };
  const container = await startContainer({ name: 'postgres', dir, image, script, environment, port: { container: 5432, host: port } });
  const url = `postgres://postgres@${container.host}:${port}/postgres`;
  for (const until = Date.now() + startTimeoutMs; !(await accepts(url)); await pause(50)) {
    if (Date.now() < until) continue;
    await container.stop();
    throw new Unavailable(`Postgres in Docker (${image}) did not start: ${tail(logFile(dir, 'postgres'), 5)}`, `${image} did not start`);
  }
  return {
    kind: 'docker',
    url,
    about: `Postgres in Docker (${image}), its data in volume ${container.volume}`,
    stop: () => container.stop(),
  };
}

export const accepts = (url: string): Promise<boolean> =>
  withClient(url, (client) => client.query('select 1')).then(
    () => true,
    () => false,
  );
