import { readFileSync } from 'node:fs';
import { scanKinds } from '@orderloom/contracts';
import { InvalidInput } from '@orderloom/kernel';
import { IANAZone } from 'luxon';
import { parse } from 'yaml';
import { z } from 'zod';

/** A code that is known and says nothing of where a parcel is. */
const noScan = 'no-scan';

const systemSchema = z.strictObject({
  timeZone: z
    .string()
    .refine((zone) => IANAZone.isValidZone(zone), 'must be an IANA time zone, such as Europe/London')
    .optional(),
  statuses: z.record(z.string().min(1).max(120), z.enum([...scanKinds, noScan])),
});
const table = z.strictObject({ systems: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/), systemSchema) });

type ScanKind = (typeof scanKinds)[number];

/** LOG-01: status codes of couriers' systems by system, and what each means here. */
export type StatusTable = z.infer<typeof table>;

/** Meaning of a code; `unknown`: no table translates it, and it is not guessed. */
export type Meaning = ScanKind | typeof noScan | 'unknown';

/** Reads a table from YAML. Throws `InvalidInput` with one entry per field. */
export function readStatusTable(yaml: string): StatusTable {
  const read = table.safeParse(parse(yaml));
  if (read.success) return read.data;
  throw new InvalidInput(read.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
}

/** The table of a file. Throws for a file that cannot be read, and `InvalidInput`. */
export const statusTableOf = (file: string): StatusTable => readStatusTable(readFileSync(file, 'utf8'));

export function meaningOf({ systems }: StatusTable, system: string, status: string): Meaning {
  const { statuses = {} } = systems[system] ?? {};
  return Object.hasOwn(statuses, status) ? (statuses[status] ?? 'unknown') : 'unknown';
}
