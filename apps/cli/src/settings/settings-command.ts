import { readArguments, Unavailable } from '@orderloom/dev-services';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parse, stringify } from 'yaml';
import { print } from '../output/print.js';
import { readRun } from '../stack/run-file.js';
import { type Change, faultLine, type PastVersion, SettingsClient, type ShownVersion, type Verdict } from './settings-client.js';

const usage =
  'settings show [--at TIME | --version N], settings history, settings check FILE, or settings apply FILE [--effective-from TIME] [--recompute] [--reason TEXT] [--yes]';

const options = {
  at: { type: 'string' },
  version: { type: 'string' },
  'effective-from': { type: 'string' },
  recompute: { type: 'boolean', default: false },
  reason: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const;

/** `settings show | history | check FILE | apply FILE`. Returns exit code 1 if a file is refused or nobody confirms. */
export async function settings(args: readonly string[]): Promise<number> {
  const { action, file, values } = read(args);
  const run = readRun('.orderloom');
  const url = run?.services.settings;
  if (url === undefined) throw new Unavailable('No services run in this folder: run npm start first.');
  const client = await SettingsClient.open(url, resolve('.orderloom'));
  const { at, version, 'effective-from': effectiveFrom } = values;
  if (action === 'show') {
    const query = { ...(at !== undefined && { at }), ...(version !== undefined && { version }) };
    versionLines(await client.show(query)).forEach((line) => print(line));
    return 0;
  }
  if (action === 'history') {
    pastVersions((await client.history()).versions).forEach((line) => print(line));
    return 0;
  }
  const document = readDocument(file);
  const verdict = await client.check(document, effectiveFrom);
  verdictLines(verdict).forEach((line) => print(line));
  if (verdict.errors.length > 0) return 1;
  const { reason, recompute } = values;
  if (action === 'check' || (verdict.changes.length === 0 && !recompute)) return 0;
  if (recompute) print('Open deadlines will be counted anew; those that are over by then act at once.');
  if (!values.yes && !(await confirmed())) {
    print('Nothing was applied.');
    return 1;
  }
  const applied = await client.apply({
    ...{ expected: verdict.latest, document },
    ...(effectiveFrom !== undefined && { effectiveFrom }),
    ...(recompute && { recompute }),
    ...(reason !== undefined && { reason }),
  });
  print(`Version ${applied.version} is applied, effective from ${applied.effectiveFrom}.`);
  return 0;
}

function read(args: readonly string[]) {
  const { positionals, values } = readArguments(args, { usage, options, positionals: 2 });
  const [action = 'show', file = ''] = positionals;
  const needsFile = action === 'check' || action === 'apply';
  if (!['show', 'history', 'check', 'apply'].includes(action)) throw new Unavailable(`Unexpected argument "${action}": use ${usage}.`);
  if (needsFile !== (file !== ''))
    throw new Unavailable(`${needsFile ? 'Expected a file' : `Unexpected argument "${file}"`}: use ${usage}.`);
  return { action, file, values };
}

/** The content of a YAML or JSON file. Throws `Unavailable` with the line that is wrong. */
export function readDocument(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'), { prettyErrors: true });
  } catch (error) {
    throw new Unavailable(`${path} cannot be read: ${(error as Error).message.trim()}`);
  }
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new Unavailable('Cannot ask for confirmation without a terminal: repeat the command with --yes to apply the changes above.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Apply these settings? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

const since = (at: string | null): string => (at === null ? 'in force until settings are applied' : `effective from ${at.slice(0, 19)}Z`);
const nameOf = (version: number): string => (version === 0 ? 'Defaults of this release' : `Version ${version}`);

/** A version as a file that `apply` reads, with its origin as comments. */
export function versionLines({ version, latest, effectiveFrom, by, reason, document }: ShownVersion): string[] {
  return [
    `# ${nameOf(version)}, ${since(effectiveFrom)}${by === null ? '' : `, applied by ${by}`}`,
    ...(reason === undefined ? [] : [`# Reason: ${reason}`]),
    ...(latest === version ? [] : [`# The latest version is ${latest}.`]),
    ...stringify(document, { lineWidth: 140 }).trimEnd().split('\n'),
  ];
}

/** Versions as lines of text, with what each changed. */
export function pastVersions(versions: readonly PastVersion[]): string[] {
  if (versions.length === 0) return ['No settings were applied: the defaults of this release are in force.'];
  return versions.flatMap(({ version, effectiveFrom, by, recompute, reason, changes }) => [
    `${nameOf(version)}, ${since(effectiveFrom)}, applied by ${by}${reason === undefined ? '' : `: ${reason}`}`,
    ...(recompute ? ['  open deadlines were counted anew'] : []),
    ...changes.map(changeLine),
  ]);
}

/** The changes that settings would make and their errors, as lines of text. */
export function verdictLines({ changes, errors, warnings }: Verdict): string[] {
  if (errors.length > 0) return ['The settings are refused:', ...errors.map(faultLine)];
  return [
    ...(changes.length === 0 ? ['These settings change nothing.'] : ['Changes:', ...changes.map(changeLine)]),
    ...(warnings.length === 0 ? [] : ['Warnings:', ...warnings.map(faultLine)]),
  ];
}

function changeLine({ field, before, after }: Change): string {
  if (before === undefined) return `  + ${field}: ${inline(after)}`;
  if (after === undefined) return `  - ${field}: ${inline(before)}`;
  return `  ~ ${field}: ${inline(before)} -> ${inline(after)}`;
}

const mostLetters = 160;

function inline(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= mostLetters ? text : `${text.slice(0, mostLetters)}…`;
}
