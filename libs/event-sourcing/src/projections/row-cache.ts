const maxRows = 100_000;

/** Caches the rows written last, so that they need not be read again. Only the lease holder writes these rows. */
export class RowCache {
  private fence = '';
  private rows = new Map<string, object | null>();
  private written = new Map<string, object | null>();
  /** True if rows missing in the cache are missing in the table too. */
  private isComplete = false;

  /** Begins a batch under the lease `fence`. The cache is cleared if the number changed, since another process may have written. */
  begin(fence: string): void {
    if (fence !== this.fence) this.forget();
    this.fence = fence;
  }

  /** Marks the tables as empty under this lease. */
  emptied(fence: string): void {
    this.forget();
    this.fence = fence;
    this.isComplete = true;
  }

  /** Returns undefined if the row must be read from the table, and null if it does not exist. */
  get(table: string, key: string): object | null | undefined {
    const known = this.rows.get(`${table} ${key}`);
    return known === undefined && this.isComplete ? null : known;
  }

  write(table: string, key: string, row: object | null): void {
    this.written.set(`${table} ${key}`, row);
  }

  /** Takes over the rows of the batch after its commit. */
  committed(): void {
    if (this.rows.size + this.written.size > maxRows) this.forget();
    else for (const [name, row] of this.written) this.rows.set(name, row);
    this.written = new Map();
  }

  forget(): void {
    this.rows = new Map();
    this.written = new Map();
    this.isComplete = false;
  }
}
