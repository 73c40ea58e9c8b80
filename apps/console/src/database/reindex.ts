import type { Sealing } from '@orderloom/platform';
import type { DataSource } from 'typeorm';

const page = 500;
/** Version of the contact index; increased when its form changes. */
const form = 2;

/** ORD-06: adds the contacts of stored orders to the index, once per form of the index. Resolves to the number of orders. */
export async function reindex(database: DataSource, sealing: Pick<Sealing, 'index'>): Promise<number> {
  const done: object[] = await database.query('select from contacts_indexed where form >= $1', [form]);
  if (done.length > 0) return 0;
  let last = ['', ''];
  for (let orders = 0; ;) {
    const rows: { source: string; id: string; data: unknown }[] = await database.query(
      `select source, id, data from timeline
       where topic = 'orderloom.order.events' and type = 'OrderPlaced' and unreadable is null and (source, id) > ($1, $2)
       order by source, id limit ${page}`,
      last,
    );
    for (const { data } of rows) await sealing.index(data);
    orders += rows.length;
    const end = rows.at(-1);
    if (end) last = [end.source, end.id];
    if (rows.length === page) continue;
    // the database is being rebuilt and lacks the order: the next start indexes it
    if (orders > 0) await database.query('insert into contacts_indexed values ($1) on conflict do nothing', [form]);
    return orders;
  }
}
