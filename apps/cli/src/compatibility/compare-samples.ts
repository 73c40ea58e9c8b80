import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ContractFiles } from '../generate/generate-contracts.js';
import { type Fault, sentence } from './schema-compatibility.js';
import { brokenContracts } from './contract-compatibility.js';
import { changedSamples, recordSamples, type SampleRecord, sumsFile, addSums, whyUnreadable } from './samples.js';
import type { Stored } from './stored-samples.js';

const samplesFolder = 'samples/';

export interface RecordedSamples {
  readonly faults: readonly string[];
  /** Samples of types and versions that are new, and the sums of all. */
  readonly added: ReadonlyMap<string, string>;
}

/**
 * Compares the contracts with those that were published, and reads every stored sample.
 * `published`: texts by path below the folder of contracts, in each state that counts (on disk, in the last commit).
 */
export async function checkSamples(
  contracts: ContractFiles,
  storedBy: (kept: ReadonlyMap<string, string>) => Promise<Stored>,
  published: readonly ReadonlyMap<string, string>[],
  text: (content: object) => Promise<string>,
): Promise<RecordedSamples> {
  const broken = published.flatMap((files) => brokenContracts(parsed(files), contracts));
  const [onDisk = new Map<string, string>(), ...others] = published;
  const kept = samplesIn(onDisk);
  const sums = onDisk.get(samplesFolder + sumsFile);
  const lost = others.flatMap((files) => [...samplesIn(files)].filter(([path, was]) => kept.get(path) !== was));
  const changed = [...changedSamples(kept, sums), ...lost.map(([path]) => fault('S1', path, 'is not what was committed: restore it'))];

  const records = [...kept]
    .filter(([path]) => path.startsWith('messages/'))
    .map(([path, was]) => [path, whyUnreadable(JSON.parse(was) as SampleRecord)] as const);
  const { samples, unread } = await storedBy(new Map([...kept].filter(([path]) => path.startsWith('events/'))));
  const notRead = [...records, ...unread].flatMap(([path, why]) => (why === undefined ? [] : [fault('S2', path, why)]));

  const fresh = new Map<string, string>();
  const recorded = new Set(changed.map(({ where }) => where));
  for (const [path, sample] of new Map<string, object>([...recordSamples(), ...samples])) {
    if (!kept.has(path) && !recorded.has(samplesFolder + path)) fresh.set(path, await text(sample));
  }
  const added = new Map([...fresh].map(([path, sample]) => [samplesFolder + path, sample]));
  added.set(samplesFolder + sumsFile, addSums(sums, fresh));
  return { faults: [...new Set([...broken, ...changed, ...notRead].map(sentence))], added };
}

const fault = (rule: Fault['rule'], path: string, what: string): Fault => ({ rule, where: samplesFolder + path, what });

const samplesIn = (files: ReadonlyMap<string, string>): Map<string, string> =>
  new Map(
    [...files].flatMap(([path, was]) =>
      path.startsWith(samplesFolder) && path.endsWith('.json') ? [[path.slice(samplesFolder.length), was] as const] : [],
    ),
  );

const parsed = (files: ReadonlyMap<string, string>): Map<string, unknown> =>
  new Map(
    [...files]
      .filter(([path]) => path.endsWith('.json') && !path.startsWith(samplesFolder))
      .map(([path, was]) => [path, JSON.parse(was) as unknown]),
  );

const git = (root: string, ...args: readonly string[]): Promise<string> =>
  promisify(execFile)('git', args, { cwd: root, maxBuffer: 1 << 26 }).then(({ stdout }) => stdout);

/** Files below `folder` that are not as in the last commit, as they are there; none where there is no git or no commit. */
export async function changedSinceCommit(root: string, folder: string): Promise<ReadonlyMap<string, string>> {
  try {
    const names = await git(root, 'diff', '--relative', '--name-only', '--diff-filter=MD', 'HEAD', '--', folder);
    const files = names.split('\n').filter((name) => name.startsWith(`${folder}/`));
    return new Map(
      await Promise.all(files.map(async (name) => [name.slice(folder.length + 1), await git(root, 'show', `HEAD:./${name}`)] as const)),
    );
  } catch {
    return new Map();
  }
}
