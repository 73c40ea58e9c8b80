import { roles } from '@orderloom/contracts';
import { readArguments, TokenKeys, Unavailable } from '@orderloom/dev-services';
import { renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Default name in tokens. */
const defaultName = 'dev';

/** `token ROLE [NAME]`: prints a token of this folder's key pair and nothing else; without arguments one token per role. */
export async function token(args: readonly string[]): Promise<void> {
  const [role, name = defaultName] = readArguments(args, { usage: 'token ROLE [NAME]', positionals: 2 }).positionals;
  const keys = await TokenKeys.findOrMake(resolve('.orderloom'));
  if (role === undefined) {
    for (const [of, jwt] of Object.entries(await tokensByRole(keys))) console.log(`${of}\t${jwt}`);
    return;
  }
  if (!roles.some((known) => known === role)) throw new Unavailable(`Unknown role "${role}": expected one of ${roles.join(', ')}.`);
  if (!/^[\p{L}\p{N}._@-]{1,80}$/u.test(name)) {
    throw new Unavailable('Invalid NAME: expected 1 to 80 letters, digits, dots, hyphens, underscores or @. Use token ROLE [NAME].');
  }
  console.log(await keys.sign(role, name));
}

const tokensByRole = async (keys: TokenKeys): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all(roles.map(async (role) => [role, await keys.sign(role, defaultName)] as const)));

/** Writes one token per role to `.orderloom/tokens.json`, readable by this user only; returns instructions as lines of text. */
export async function writeTokens(dir: string, keys: TokenKeys): Promise<string[]> {
  const part = join(dir, 'tokens.json.part');
  writeFileSync(part, `${JSON.stringify(await tokensByRole(keys), null, 2)}\n`, { mode: 0o600 });
  renameSync(part, tokensFile(dir));
  const half = Math.ceil(roles.length / 2);
  return [
    'Every request needs a token. .orderloom/tokens.json has one per role, valid for 12 hours:',
    `  ${roles.slice(0, half).join(', ')},`,
    `  ${roles.slice(half).join(', ')}`,
    '  a named token        TOKEN=$(npm run -s cli -- token service anna)',
  ];
}

export const tokensFile = (dir: string): string => join(dir, 'tokens.json');
