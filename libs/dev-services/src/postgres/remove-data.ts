import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { notes, earlierKind } from '../choice.js';
import { removeVolume } from '../docker/container.js';
import { dataFolder, serverUser } from '../data-folder.js';
import { endLeftOverKafka } from '../kafka/kafka.js';
import { endLeftOverPostgres } from './postgres.js';

/** Deletes the data of Postgres and Kafka for `dir`, after stopping the processes that use them. */
export async function removeData(dir: string): Promise<void> {
  if (!existsSync(dir)) return;
  if (earlierKind(dir, 'postgres.kind') === 'docker') await removeVolume(dir, 'postgres');
  if (earlierKind(dir, 'log.kind') === 'docker') await removeVolume(dir, 'kafka');
  const folder = dataFolder(dir, serverUser());
  await Promise.all([endLeftOverPostgres(join(folder, 'data')), endLeftOverKafka(dir)]);
  for (const gone of [folder, join(dir, 'kafka'), join(dir, 'postgres.place'), ...notes.map((note) => join(dir, note))])
    rmSync(gone, { recursive: true, force: true });
}
