import { topics } from '@orderloom/contracts';
import { PostgresStore } from '@orderloom/event-sourcing';
import type { Log } from '@orderloom/messaging';

/** Lets a service with a new database pass what is on the log already: other houses said it. */
export async function beginsHere(name: string, database: string, log: Log): Promise<void> {
  const group = `orderloom.${name}`;
  const bounds = Object.entries(await log.bounds(topics.map(({ topic }) => topic)));
  const store = await PostgresStore.open({ url: database, applicationName: 'test' });
  try {
    const rows = bounds.map(([place, { next }]) => {
      const [topic = '', partition] = place.split('/');
      const id = `${group}/${place}`;
      return { op: 'put', table: 'heard', key: id, row: { id, group, topic, partition: Number(partition), next } } as const;
    });
    await store.commit({ meta: { by: 'test' }, rows });
  } finally {
    await store.close();
  }
}
