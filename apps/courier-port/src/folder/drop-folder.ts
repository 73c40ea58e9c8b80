import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessLogger } from '@orderloom/platform';
import type { Intake } from '../intake.js';
import { columns, readScanFile, type RowFault } from './scan-file.js';

export interface DropFolderOptions {
  readonly folder: string;
  /** System of the status table whose codes the files use. */
  readonly system: string;
  readonly intake: Pick<Intake, 'take'>;
  readonly logger: Pick<ProcessLogger, 'info' | 'warn'>;
}

/** Result of reading a file; kept as `reports/<sha256>.json`. */
export interface FileReport {
  readonly file: string;
  readonly sha256: string;
  readonly rows: number;
  readonly scans: number;
  readonly unknownStatuses: number;
  readonly noScans: number;
  readonly refused: readonly RowFault[];
}

const largest = 32 * 1024 * 1024;
const batch = 500;

/**
 * LOG-01: a folder into which a courier puts CSV files. A file is read under its final name `*.csv` only: a writer writes under another
 * name and renames when it is done. Each content is read once: its report is named by its hash. Then the file is in `done`, or in `failed`
 * where a row was refused; good rows of it count. A crash repeats a file, whose records have the same ids.
 */
export class DropFolder {
  constructor(private readonly options: DropFolderOptions) {}

  /** Reads the files that are there. Rejects where the log or the disk fails, after the other files; what was not read stays where it is. */
  async read(): Promise<readonly FileReport[]> {
    const { folder } = this.options;
    for (const name of ['done', 'failed', 'reports']) await mkdir(join(folder, name), { recursive: true });
    const entries = await readdir(folder, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.csv') && !entry.name.startsWith('.'));
    const reports: FileReport[] = [];
    const failures: unknown[] = [];
    for (const { name } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      try {
        reports.push(await this.readOne(name));
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return reports;
  }

  private async readOne(name: string): Promise<FileReport> {
    const { folder, logger } = this.options;
    const path = join(folder, name);
    const tooLarge = (await stat(path)).size > largest;
    const bytes = tooLarge ? Buffer.from(name) : await readFile(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const reportFile = join(folder, 'reports', `${sha256}.json`);
    const before = tooLarge ? undefined : await earlier(reportFile);
    const report = before ?? (tooLarge ? refusedWhole(name, sha256) : await this.take(name, sha256, bytes));
    if (!before) await writeWhole(reportFile, `${JSON.stringify(report, null, 2)}\n`);
    const isGood = report.refused.length === 0;
    await rename(path, await freeName(join(folder, isGood ? 'done' : 'failed'), name, sha256));
    if (before) logger.warn({ file: name, sameAs: before.file }, 'a file was not read again: its content was read before');
    else logger[isGood ? 'info' : 'warn']({ ...report, refused: report.refused.slice(0, 20) }, 'a file of scans was read');
    return report;
  }

  private async take(name: string, sha256: string, bytes: Buffer): Promise<FileReport> {
    const { intake, system } = this.options;
    const { rows, faults } = readScanFile(bytes, system);
    const refused = [...faults];
    const sums = { scans: 0, unknownStatuses: 0, noScans: 0 };
    for (let from = 0; from < rows.length; from += batch) {
      const some = rows.slice(from, from + batch);
      const taken = await intake.take(some.map(({ report }) => report));
      sums.scans += taken.scans;
      sums.unknownStatuses += taken.unknownStatuses;
      sums.noScans += taken.noScans;
      for (const { index, errors } of taken.refused)
        refused.push(...errors.map(({ field, message }) => ({ row: some[index]?.row ?? 0, field: columns[field] ?? field, message })));
    }
    return { file: name, sha256, rows: rows.length + faults.length, ...sums, refused: refused.toSorted((a, b) => a.row - b.row) };
  }
}

const refusedWhole = (file: string, sha256: string): FileReport => ({
  ...{ file, sha256, rows: 0, scans: 0, unknownStatuses: 0, noScans: 0 },
  refused: [{ row: 1, field: 'file', message: `is larger than ${largest} bytes: split it` }],
});

async function earlier(file: string): Promise<FileReport | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as FileReport;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A report is there as a whole or not at all. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
}

/** `name` in `folder`, or with its hash where another file has that name. */
async function freeName(folder: string, name: string, sha256: string): Promise<string> {
  const wanted = join(folder, name);
  const isTaken = await access(wanted).then(
    () => true,
    () => false,
  );
  return isTaken ? join(folder, `${name.slice(0, -4)}.${sha256.slice(0, 12)}.${Date.now()}.csv`) : wanted;
}
