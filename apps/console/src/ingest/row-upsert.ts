/** The console's tables and their keys. */
const keyOf = { orders: 'number', flows: 'flowId', tasks: 'taskId', entries: 'id', task_comments: 'id' } as const;
export type Table = keyof typeof keyOf;

/** Columns of one row to set, and to increment. A missing row is inserted. */
export interface Change {
  readonly table: Table;
  readonly key: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly add: Readonly<Record<string, number>>;
}

export const rowChange = (table: Table, key: string, set: Change['set'], add: Change['add'] = {}): Change => ({ table, key, set, add });

/** SQL with one parameter, an array of rows as JSON. */
export interface Statement {
  readonly sql: string;
  readonly rows: readonly object[];
}

/** Statements for `changes`, applied in this order: one per table and set of columns, each row in one of them. */
export function statements(changes: readonly Change[]): Statement[] {
  const merged = new Map<string, Change>();
  for (const next of changes) {
    const at = `${next.table} ${next.key}`;
    const last = merged.get(at);
    merged.set(at, last ? { ...next, set: { ...last.set, ...next.set }, add: added(last.add, next.add) } : next);
  }
  const alike = new Map<string, Change[]>();
  for (const one of merged.values()) {
    const shape = JSON.stringify([one.table, columnsOf(one.set), columnsOf(one.add)]);
    alike.set(shape, [...(alike.get(shape) ?? []), one]);
  }
  return [...alike.values()].map(upsert);
}

const names = new Map<string, string>();

/** `orderNumber` as the column `order_number`. */
function column(field: string): string {
  let name = names.get(field);
  if (name === undefined) names.set(field, (name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)));
  return name;
}

/** The columns of some fields, in a fixed order. */
const columnsOf = (fields: object): string[] => Object.keys(fields).map(column).sort();

/** A row with its fields named as columns. */
export function columns(row: object): object {
  const named: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(row)) named[column(field)] = value;
  return named;
}

function upsert(changes: readonly Change[]): Statement {
  const [{ table, ...first }] = changes as [Change];
  const key = column(keyOf[table]);
  const [set, add] = [columnsOf(first.set), columnsOf(first.add)];
  const values = [key, ...set, ...add].join(', ');
  const updates = [
    ...set.map((name) => `${name} = excluded.${name}`),
    ...add.map((name) => `${name} = ${table}.${name} + excluded.${name}`),
  ];
  return {
    sql: `insert into ${table} (${values}) select ${values} from jsonb_populate_recordset(null::${table}, $1)
      on conflict (${key}) do ${updates.length > 0 ? `update set ${updates.join(', ')}` : 'nothing'}`,
    rows: changes.map((one) => columns({ [keyOf[table]]: one.key, ...one.set, ...one.add })),
  };
}

function added(a: Change['add'], b: Change['add']): Change['add'] {
  const sum = { ...a };
  for (const [field, amount] of Object.entries(b)) sum[field] = (sum[field] ?? 0) + amount;
  return sum;
}
