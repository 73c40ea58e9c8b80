import { readFileSync } from 'node:fs';
import { baseConfig, readConfig, WrongConfiguration } from '@orderloom/platform';
import { z } from 'zod';

const text = z.string().min(1);

/** Environment of the courier port. An adapter runs where it is configured. */
const portConfig = baseConfig.omit({ DATABASE_URL: true }).extend({
  COURIER_STATUSES_FILE: text.describe('a file with the table of status codes (deploy/courier/statuses.yaml)'),
  AFTERSHIP_WEBHOOK_SECRET_FILE: text.optional().describe('a file with the webhook secret; two lines while one replaces the other'),
  COURIER_DROP_FOLDER: text.optional().describe('a folder into which CSV files are put'),
  COURIER_DROP_SYSTEM: text.default('csv').describe('the system of the status table whose codes the files use'),
  COURIER_DROP_SECONDS: z.coerce.number().int().min(1).max(3600).default(10).describe('a whole number of seconds from 1 to 3600'),
});

export type PortConfig = z.output<typeof portConfig>;

/** The environment, checked. Throws `WrongConfiguration`. */
export function readPortConfig(environment: NodeJS.ProcessEnv = process.env): PortConfig {
  const config = readConfig(portConfig, environment);
  if (config.AFTERSHIP_WEBHOOK_SECRET_FILE === undefined && config.COURIER_DROP_FOLDER === undefined)
    throw new WrongConfiguration('No adapter is configured: set AFTERSHIP_WEBHOOK_SECRET_FILE, COURIER_DROP_FOLDER, or both.');
  return config;
}

/** The webhook secrets: the lines of their file. Throws `WrongConfiguration`, without values. */
export function webhookSecrets({ AFTERSHIP_WEBHOOK_SECRET_FILE: file }: PortConfig): readonly string[] {
  if (file === undefined) return [];
  const lines = read(file)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0 || lines.some((line) => line.length < 16))
    throw new WrongConfiguration('AFTERSHIP_WEBHOOK_SECRET_FILE must be a file with secrets of at least 16 characters, one a line.');
  return lines;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new WrongConfiguration('AFTERSHIP_WEBHOOK_SECRET_FILE must be a readable file.');
  }
}
