// Output for people, on standard output.
const tty = process.stdout.isTTY;

export const print = (line = ''): void => void process.stdout.write(`${line}\n`);

/** Awaits `work`, then prints `about` with the elapsed time. */
export async function timed<T>(work: Promise<T>, about: (result: T) => string): Promise<T> {
  const startedAt = Date.now();
  const result = await work;
  print(`  ${about(result)} (${seconds(Date.now() - startedAt)})`);
  return result;
}

export const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`;

/** A progress line that is updated in place on a terminal; elsewhere one line per tenth. */
export function progress(): { show(part: number, of: number, text: string): void; end(): void } {
  let tenth = -1;
  return {
    show(part, of, text) {
      const line = `  ${bar(part, of)} ${part} of ${of}  ${text}`;
      if (tty) process.stdout.write(`\r\u001b[K${line}`);
      else if (Math.floor((10 * part) / of) > tenth) print(line);
      tenth = Math.max(tenth, Math.floor((10 * part) / of));
    },
    end() {
      if (tty && tenth >= 0) print();
    },
  };
}

const bar = (part: number, of: number): string => {
  const full = Math.round((20 * part) / Math.max(of, 1));
  return `[${'#'.repeat(full)}${'.'.repeat(20 - full)}]`;
};

/** Formats rows as aligned lines: text to the left, numbers to the right. */
export function table(rows: readonly (readonly (string | number)[])[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => String(row[i] ?? '').length)));
  const cell = (value: string | number, width = 0) => (typeof value === 'number' ? String(value).padStart(width) : value.padEnd(width));
  return rows.map((row) =>
    row
      .map((value, i) => cell(value, widths[i]))
      .join('  ')
      .trimEnd(),
  );
}
