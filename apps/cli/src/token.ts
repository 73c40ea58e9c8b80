import { roles } from '@orderloom/contracts';
import { TokenKeys, Unavailable } from '@orderloom/dev-services';
import { renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Who a token names where nobody is named. */
const somebody = 'dev';

/** `token ROLE [NAME]`: a token of this folder's key pair on standard output, and nothing else; without a role, one of each. */
export async function token([role, name = somebody, ...more]: readonly string[]): Promise<void> {
  const keys = await TokenKeys.findOrMake(resolve('.orderloom'));
  if (role === undefined) {
    for (const [of, jwt] of Object.entries(await tokensByRole(keys))) console.log(`${of}\t${jwt}`);
    return;
  }
  if (!roles.some((known) => known === role)) throw new Unavailable(`There is no role "${role}": say one of ${roles.join(', ')}.`);
  if (more.length > 0 || !/^[\p{L}\p{N}._@-]{1,80}$/u.test(name)) {
    throw new Unavailable('A name is 1 to 80 letters, digits, dots, hyphens, underscores or @: token ROLE [NAME].');
  }
  console.log(await keys.sign(role, name));
}

const tokensByRole = async (keys: TokenKeys): Promise<Record<string, string>> =>
  Object.fromEntries(await Promise.all(roles.map(async (role) => [role, await keys.sign(role, somebody)] as const)));

/** Writes a token of each role to `.orderloom/tokens.json`, for this user alone, and says how to use one, as lines of text. */
export async function writeTokens(dir: string, keys: TokenKeys): Promise<string[]> {
  const part = join(dir, 'tokens.json.part');
  writeFileSync(part, `${JSON.stringify(await tokensByRole(keys), null, 2)}\n`, { mode: 0o600 });
  renameSync(part, tokensFile(dir));
  const half = Math.ceil(roles.length / 2);
  return [
    'Every call needs a token. One of each role, good for 12 hours, is in .orderloom/tokens.json:',
    `  ${roles.slice(0, half).join(', ')},`,
    `  ${roles.slice(half).join(', ')}`,
    '  one by name          TOKEN=$(npm run -s cli -- token service anna)',
  ];
}

export const tokensFile = (dir: string): string => join(dir, 'tokens.json');
