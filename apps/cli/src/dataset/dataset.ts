import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A sales data set to replay, and the file with the progress of the replay. */
export interface Dataset {
  readonly path: string;
  readonly state: string;
  /** Whether a second, Chinese shop sells beside that of the data. */
  readonly withChineseShop?: boolean;
}

/** The data set of a file, identified by its content. */
export function datasetOf(dir: string, path: string): Dataset {
  const name = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12);
  return { path, state: join(dir, `books-${name}.json`) };
}

/** The data set with the first week of sales. */
export const week = (dir: string): Dataset => ({
  path: process.env.PARTNERS_FEED ?? 'test/data/online-retail-week.csv.gz',
  state: join(dir, 'week.json'),
  withChineseShop: true,
});

/** Returns whether a file of `.orderloom` holds the progress of a replay. */
export const isDatasetState = (file: string): boolean => file === 'week.json' || /^books-[0-9a-f]{12}\.json$/.test(file);
