const mostRows = 100_000;

/** The rows that one writer has written last, so that it need not read them again; nobody else writes them while its lease holds. */
export class RowCache {
  private fence = '';
  private rows = new Map<string, object | null>();
  private written = new Map<string, object | null>();
  /** What is not in here is not in the table either. */
  private whole = false;

  /** Begins a batch under this lease: under another one, somebody else may have written. */
  begin(fence: string): void {
    if (fence !== this.fence) this.forget();
    this.fence = fence;
  }

  /** The tables were emptied under this lease. */
  emptied(fence: string): void {
    this.forget();
    this.fence = fence;
    this.whole = true;
  }

  /** Undefined where only the table knows. */
  get(table: string, key: string): object | null | undefined {
    const known = this.rows.get(`${table} ${key}`);
    return known === undefined && this.whole ? null : known;
  }

  write(table: string, key: string, row: object | null): void {
    this.written.set(`${table} ${key}`, row);
  }

  /** What the batch wrote is committed. */
  committed(): void {
    if (this.rows.size + this.written.size > mostRows) this.forget();
    else for (const [name, row] of this.written) this.rows.set(name, row);
    this.written = new Map();
  }

  forget(): void {
    this.rows = new Map();
    this.written = new Map();
    this.whole = false;
  }
}
