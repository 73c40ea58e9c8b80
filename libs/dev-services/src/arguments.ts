import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Unavailable } from './unavailable.js';

type OptionsConfig = NonNullable<ParseArgsConfig['options']>;

/** The arguments that a command accepts. */
export interface ArgumentsSpec<Options extends OptionsConfig> {
  /** Options by their long name. */
  readonly options?: Options;
  /** Maximum number of arguments that are not options; 0 by default. */
  readonly positionals?: number;
  /** Correct use, for error messages: `npm start -- [--bare] [--fresh]`. */
  readonly usage: string;
}

/**
 * Parses the arguments of a command; every command-line program of this repository uses it. Throws `Unavailable` that names the unknown
 * option, the option without its value or the unexpected argument, and states the correct use.
 */
export function readArguments<Options extends OptionsConfig = Record<string, never>>(
  args: readonly string[],
  { options, positionals = 0, usage }: ArgumentsSpec<Options>,
) {
  const parsed = parse(args, options ?? ({} as Options), usage);
  const unexpected = parsed.positionals[positionals];
  if (unexpected !== undefined) throw new Unavailable(`Unexpected argument "${unexpected}": use ${usage}.`);
  return parsed;
}

function parse<Options extends OptionsConfig>(args: readonly string[], options: Options, usage: string) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's message goes on with advice about `--` after its first sentence.
    throw new Unavailable(`${(error as Error).message.split('. ')[0]?.replace(/\.$/, '')}: use ${usage}.`);
  }
}

/** Returns whether `args` contain `--help` or `-h`. */
export const asksForHelp = (args: readonly string[]): boolean => args.some((arg) => arg === '--help' || arg === '-h');
