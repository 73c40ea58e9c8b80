import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  type FlowChart,
  flowChart,
  frozenFault,
  frozenPath,
  wantsCharts,
  withBlock,
  withCharts,
  withNamedCharts,
} from './generate-charts.js';
import { type ContractFiles, contractFiles } from './generate-contracts.js';
import { permissionsTable } from './generate-permissions.js';

/** What everything is generated from. */
export interface Sources {
  readonly contracts: ContractFiles;
  /** Reads the charts that an app prints. */
  readonly chartsOf: (root: string, app: string) => Promise<readonly FlowChart[]>;
}

const contractsFolder = 'deploy/contracts';
const appsWithFlows = ['order', 'logistics', 'refund'];

/**
 * `generate` writes what is derived from the code (contracts, charts, who may do what); `generate --check` only says what is stale.
 * Returns the exit code: 1 when something is stale, or a chart changed without a new version.
 */
export async function generate(args: readonly string[], root: string, sources: Sources = sourcesOfCode()): Promise<number> {
  const check = args.includes('--check');
  const { texts, faults } = await generated(root, sources);
  const changed = [];
  for (const [path, text] of texts) if ((await readText(join(root, path))) !== text) changed.push(path);
  const leftOver = (await filesBelow(root, contractsFolder)).filter((path) => path.endsWith('.json') && !texts.has(path));

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
async function generated(root: string, { contracts, chartsOf }: Sources): Promise<{ texts: Map<string, string>; faults: string[] }> {
  const texts = new Map<string, string>();
  const faults: string[] = [];
  for (const [name, content] of contracts) texts.set(`${contractsFolder}/${name}`, await jsonText(root, content));

  const all: FlowChart[] = [];
  for (const app of appsWithFlows) {
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
  const readme = await readText(join(root, 'README.md'));
  if (readme !== null) texts.set('README.md', await withPermissions(root, withNamedCharts(readme, all)));
  return { texts, faults };
}

/** What `charts` of a built app prints; throws where it is not built or prints something else. */
const printedCharts: Sources['chartsOf'] = async (root, app) => {
  const main = `dist/apps/${app}/src/main.js`;
  if (!existsSync(join(root, main))) throw new Error(`${main} is missing: build first`);
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'charts'], { cwd: root, maxBuffer: 16 * 1024 * 1024 });
  return flowChart.array().parse(JSON.parse(stdout));
};

const sourcesOfCode = (): Sources => ({ contracts: contractFiles(), chartsOf: printedCharts });

/** The README with who may do what, where it asks for that. */
async function withPermissions(root: string, readme: string): Promise<string> {
  if (!readme.includes('<!-- permissions -->')) return readme;
  return withBlock(readme, 'permissions', (await formatted(root, permissionsTable(), 'markdown')).trim());
}

const jsonText = (root: string, content: object): Promise<string> => formatted(root, JSON.stringify(content), 'json');

/** Text as prettier writes it in this project. */
async function formatted(root: string, text: string, parser: 'json' | 'markdown'): Promise<string> {
  const { format, resolveConfig } = await import('prettier');
  return format(text, { ...(await resolveConfig(join(root, `any.${parser}`))), parser });
}

const readText = (path: string): Promise<string | null> => (existsSync(path) ? readFile(path, 'utf8') : Promise.resolve(null));

async function filesBelow(root: string, folder: string): Promise<string[]> {
  if (!existsSync(join(root, folder))) return [];
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(join(root, '/').length));
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
