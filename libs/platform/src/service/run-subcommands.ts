import { inspect } from 'node:util';
import { redactSecrets } from '../observability/secrets.js';

export interface Subcommand {
  /** Effect, for `--help`: `Migrates the database.` */
  readonly description: string;
  readonly run: () => Promise<void>;
}

/** Runs the subcommands `names` in their order; `serve` by default. A failing one ends the process with its message. */
export async function runSubcommands(
  program: string,
  names: readonly string[],
  subcommands: Readonly<Record<string, Subcommand>>,
): Promise<void> {
  if (names.some((name) => name === '--help' || name === '-h')) return console.log(helpOf(program, subcommands));
  try {
    for (const name of names.length === 0 ? ['serve'] : names) {
      if (!Object.hasOwn(subcommands, name))
        throw new Error(`${program}: unknown subcommand "${name}": expected one of ${Object.keys(subcommands).join(', ')}`);
      await subcommands[name]?.run();
    }
  } catch (error) {
    console.error(redactSecrets(error instanceof Error ? error.message : inspect(error)));
    process.exit(1);
  }
}

/** Usage and subcommands as text. */
export const helpOf = (program: string, subcommands: Readonly<Record<string, Subcommand>>): string =>
  [
    `${program} [SUBCOMMAND]...`,
    '',
    'Runs the subcommands in the given order; serve by default. Environment variables configure it; a missing one is named.',
    '',
    ...Object.entries(subcommands).map(([name, { description }]) => `${name}\n      ${description}`),
  ].join('\n');
