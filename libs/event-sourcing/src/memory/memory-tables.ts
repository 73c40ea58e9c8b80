import type { NormalisedRow } from '../store/recording/normalise-unit.js';
import type { RowFilter, RowPage } from '../store/store.js';

/** Rows of read models, stored as JSON text so that callers share no object with the store. Only candidate rows are parsed. */
export class MemoryTables {
  private readonly tables = new Map<string, Map<string, string>>();

  row<R extends object>(table: string, key: string): R | null {
    const json = this.tables.get(table)?.get(key);
    return json === undefined ? null : (JSON.parse(json) as R);
  }

  rows<R extends object>(table: string, where: RowFilter, limit: number, { after, descending = false }: RowPage): R[] {
    const filters = Object.entries(where).map(([field, texts]) => [field, [texts].flat()] as const);
    const mayMatch = (json: string, text: string): boolean => json.includes(JSON.stringify(text).slice(1, -1)) || json.includes(text);
    return [...(this.tables.get(table) ?? [])]
      .filter(([key]) => after === undefined || (descending ? key < after : key > after))
      .filter(([, json]) => filters.every(([, texts]) => texts.some((text) => mayMatch(json, text))))
      .sort(([a], [b]) => (a < b === descending ? 1 : -1))
      .map(([, json]) => JSON.parse(json) as R)
      .filter((row) => filters.every(([field, texts]) => texts.some((text) => matches((row as Record<string, unknown>)[field], text))))
      .slice(0, limit);
  }

  all(table: string): ReadonlyMap<string, object> {
    return new Map([...(this.tables.get(table) ?? [])].map(([key, json]) => [key, JSON.parse(json) as object]));
  }

  has = (table: string, key: string): boolean => this.tables.get(table)?.has(key) ?? false;

  write(write: NormalisedRow): void {
    const table = this.tables.get(write.table) ?? new Map<string, string>();
    this.tables.set(write.table, table);
    if (write.op === 'remove') table.delete(write.key);
    else table.set(write.key, write.json);
  }

  /** Replaces the rows of `table` by those of `next`. */
  replace(table: string, next: string): void {
    this.tables.set(table, this.tables.get(next) ?? new Map<string, string>());
    this.empty(next);
  }

  empty(table: string): void {
    this.tables.delete(table);
  }
}

function matches(value: unknown, text: string): boolean {
  if (Array.isArray(value)) return value.includes(text);
  return value !== undefined && value !== null && (typeof value === 'string' ? value : JSON.stringify(value)) === text;
}
