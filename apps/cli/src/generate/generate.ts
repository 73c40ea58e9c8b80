import { readArguments } from '@orderloom/dev-services';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  type FlowChart,
  flowChart,
  flowNamesFile,
  frozenFault,
  frozenPath,
  wantsCharts,
  withBlock,
  withCharts,
  withNamedCharts,
} from './generate-charts.js';
import { type ContractFiles, contractFiles } from './generate-contracts.js';
import { changedSinceCommit, checkSamples } from '../compatibility/compare-samples.js';
import { withMarks } from './generate-pages.js';
import { permissionsTable } from './generate-permissions.js';
import { rulesTable } from './generate-rules.js';
import { builtMain, storedSamples } from '../compatibility/stored-samples.js';

/** The sources of all generated files. */
export interface Sources {
  readonly contracts: ContractFiles;
  /** Reads the charts that an app prints. */
  readonly chartsOf: (root: string, app: string) => Promise<readonly FlowChart[]>;
  readonly stored: typeof storedSamples;
}

const contractsFolder = 'deploy/contracts';
const rulesPage = 'docs/rules.md';
const flowNames = 'libs/contracts/src/flows/flow-names.ts';
const appsWithEvents = ['order', 'logistics', 'refund', 'after-sales', 'settings'];

/**
 * `generate` writes what is derived from the code (contracts, charts, who may do what, the tests of each rule); `generate --check` only says what is stale.
 * Returns the exit code: 1 when something is stale, a chart or a message changed without a new version, a stored sample is not read,
 * or a rule has no test.
 */
export async function generate(args: readonly string[], root: string, sources: Sources = sourcesOfCode()): Promise<number> {
  const { check } = readArguments(args, { usage: 'npm run generate -- [--check]', options: { check: { type: 'boolean' } } }).values;
  const { texts, faults } = await generated(root, sources);
  const changed = [];
  for (const [path, text] of texts) if ((await readText(join(root, path))) !== text) changed.push(path);
  const leftOver = (await filesBelow(root, contractsFolder)).filter((path) => isGenerated(path) && !texts.has(path));

  for (const fault of faults) console.error(fault);
  if (check) {
    for (const path of [...changed, ...leftOver]) console.error(`${path} is stale: run generate`);
    return faults.length + changed.length + leftOver.length > 0 ? 1 : 0;
  }
  if (faults.length > 0) return 1;
  for (const path of changed) await write(join(root, path), texts.get(path) ?? '');
  for (const path of leftOver) await rm(join(root, path));
  console.log(`${texts.size} files generated, ${changed.length} of them changed, ${leftOver.length} removed`);
  return 0;
}

/** Every generated text by path below the root, and what forbids generating it. */
async function generated(root: string, sources: Sources): Promise<{ texts: Map<string, string>; faults: string[] }> {
  const { contracts, chartsOf } = sources;
  const texts = new Map<string, string>();
  const { added, faults } = await checkStoredSamples(root, sources);
  for (const [name, text] of added) texts.set(`${contractsFolder}/${name}`, text);
  for (const [name, content] of contracts) texts.set(`${contractsFolder}/${name}`, await jsonText(root, content));

  const all: FlowChart[] = [];
  for (const app of appsWithEvents) {
    const path = `apps/${app}/README.md`;
    const readme = await readText(join(root, path));
    if (readme === null || !wantsCharts(readme)) continue;
    const charts = await chartsOf(root, app);
    texts.set(path, withCharts(readme, charts));
    all.push(...charts);
  }
  for (const chart of all) {
    const kept = await readText(join(root, frozenPath(chart)));
    const fault = kept === null ? null : frozenFault(chart, JSON.parse(kept));
    if (fault) faults.push(fault);
    texts.set(frozenPath(chart), kept ?? (await jsonText(root, chart.chart)));
  }
  if (existsSync(join(root, flowNames))) texts.set(flowNames, await prettily(root, flowNames, flowNamesFile(all)));
  for (const path of ['README.md', 'libs/platform/README.md']) {
    const readme = await readText(join(root, path));
    if (readme !== null) texts.set(path, await withPermissions(root, withNamedCharts(readme, all)));
  }
  for (const [path, text] of await pages(root, contracts)) texts.set(path, text);
  const page = await readText(join(root, rulesPage));
  if (page !== null) {
    const { table, faults: untested } = await rulesTable(await specsOf(root));
    texts.set(rulesPage, await prettily(root, rulesPage, withBlock(page, 'rules', table)));
    faults.push(...untested);
  }
  return { texts, faults };
}

const isGenerated = (path: string): boolean => path.endsWith('.json') && !path.startsWith(`${contractsFolder}/samples/`);

async function checkStoredSamples(
  root: string,
  { contracts, stored }: Sources,
): Promise<{ added: ReadonlyMap<string, string>; faults: string[] }> {
  const onDisk = await textsBelow(root, contractsFolder, /\.json$|SHA256SUMS$/);
  const before = [onDisk, await changedSinceCommit(root, contractsFolder)];
  const { faults, added } = await checkSamples(
    contracts,
    (kept) => stored(root, appsWithEvents, kept),
    before,
    (content) => jsonText(root, content),
  );
  return { added, faults: [...faults] };
}

/** The pages for strangers, with what is generated in them. */
async function pages(root: string, contracts: ContractFiles): Promise<Map<string, string>> {
  const clients = await textsBelow(root, `${contractsFolder}/clients`, /\.(ts|py)$/);
  const written = await textsBelow(root, contractsFolder, /\.md$/);
  const texts = [...written].map(
    async ([name, page]) => [`${contractsFolder}/${name}`, await prettily(root, 'page.md', withMarks(page, contracts, clients))] as const,
  );
  return new Map(await Promise.all(texts));
}

async function specsOf(root: string): Promise<Map<string, string>> {
  const folders = await Promise.all(
    ['apps', 'libs', 'test'].map(async (folder) => [folder, await textsBelow(root, folder, /\.spec\.ts$/)] as const),
  );
  return new Map(
    folders
      .flatMap(([folder, texts]) => [...texts].map(([path, text]) => [`${folder}/${path}`, text] as const))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The output of `charts` of a built app; throws if the app is not built or prints something else. */
const printedCharts: Sources['chartsOf'] = async (root, app) => {
  const { stdout } = await promisify(execFile)(process.execPath, [builtMain(root, app), 'charts'], {
    cwd: root,
    maxBuffer: 16 * 1024 * 1024,
  });
  return flowChart.array().parse(JSON.parse(stdout));
};

const sourcesOfCode = (): Sources => ({ contracts: contractFiles(), chartsOf: printedCharts, stored: storedSamples });

/** The README with who may do what, where it asks for that. */
async function withPermissions(root: string, readme: string): Promise<string> {
  if (!readme.includes('<!-- permissions -->')) return readme;
  return withBlock(readme, 'permissions', (await prettily(root, 'any.md', permissionsTable())).trim());
}

/** JSON as prettier writes it in this project. */
const jsonText = (root: string, content: object): Promise<string> => prettily(root, 'any.json', JSON.stringify(content));

async function prettily(root: string, name: string, text: string): Promise<string> {
  const { format, resolveConfig } = await import('prettier');
  return format(text, { ...(await resolveConfig(join(root, name))), filepath: name });
}

const readText = (path: string): Promise<string | null> => (existsSync(path) ? readFile(path, 'utf8') : Promise.resolve(null));

async function filesBelow(root: string, folder: string): Promise<string[]> {
  if (!existsSync(join(root, folder))) return [];
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(join(root, '/').length));
}

/** Texts of the files below `folder` with such a name, by path below it. */
async function textsBelow(root: string, folder: string, name: RegExp): Promise<Map<string, string>> {
  const paths = (await filesBelow(root, folder)).filter((path) => name.test(path));
  return new Map(
    await Promise.all(paths.map(async (path) => [path.slice(folder.length + 1), await readFile(join(root, path), 'utf8')] as const)),
  );
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
