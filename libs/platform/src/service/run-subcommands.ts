import { inspect } from 'node:util';
import { redactSecrets } from '../observability/secrets.js';

/** Runs the subcommands in their order; `serve` by default. A failing one ends the process with its message. */
export async function runSubcommands(
  program: string,
  words: readonly string[],
  deeds: Readonly<Record<string, () => Promise<void>>>,
): Promise<void> {
  if (words.some((word) => word === '--help' || word === '-h')) {
    console.log(
      `${program} [${Object.keys(deeds).join(' | ')}]...\n\nDoes what these words say, in their order; serve where there is none. The environment says the rest.`,
    );
    return;
  }
  try {
    for (const word of words.length === 0 ? ['serve'] : words) {
      if (!Object.hasOwn(deeds, word))
        throw new Error(`${program}: unknown subcommand "${word}": expected one of ${Object.keys(deeds).join(', ')}`);
      await deeds[word]?.();
    }
  } catch (error) {
    console.error(redactSecrets(error instanceof Error ? error.message : inspect(error)));
    process.exit(1);
  }
}
