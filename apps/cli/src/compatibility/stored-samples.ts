import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

/** Samples of what services store today, and the older samples that they cannot read, with reasons. */
export interface Stored {
  readonly samples: ReadonlyMap<string, object>;
  readonly unread: ReadonlyMap<string, string>;
}

const printedSamples = z.object({
  samples: z.record(z.string(), z.looseObject({ type: z.string() })),
  unread: z.record(z.string(), z.string()),
});

/** Asks each built service; paths begin with `events/<service>/`, or `events/flow/` for what all have; `kept` is the text of samples by such a path. */
export async function storedSamples(root: string, apps: readonly string[], kept: ReadonlyMap<string, string>): Promise<Stored> {
  const [samples, unread] = [new Map<string, object>(), new Map<string, string>()];
  await Promise.all(
    apps.map(async (app) => {
      const placed = (name: string): string => (name.startsWith('flow/') ? `events/${name}.json` : `events/${app}/${name}.json`);
      const own = [...kept]
        .filter(([path]) => path.startsWith(`events/${app}/`) || path.startsWith('events/flow/'))
        .map(([path, text]) => [path, JSON.parse(text) as unknown]);
      const said = await askService(root, app, JSON.stringify(Object.fromEntries(own)));
      for (const [name, sample] of Object.entries(said.samples)) samples.set(placed(name), sample);
      for (const [path, why] of Object.entries(said.unread)) unread.set(path, why);
    }),
  );
  return { samples, unread };
}

/** The program of an app; throws where it is not built. */
export function builtMain(root: string, app: string): string {
  const main = `dist/apps/${app}/src/main.js`;
  if (!existsSync(join(root, main))) throw new Error(`${main} is missing: build first`);
  return main;
}

async function askService(root: string, app: string, kept: string): Promise<z.infer<typeof printedSamples>> {
  const service = spawn(process.execPath, [builtMain(root, app), 'event-samples'], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  service.stdin.end(kept);
  return printedSamples.parse(await json(service.stdout));
}
