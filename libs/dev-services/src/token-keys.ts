import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';

const algorithm = 'ES256';
/** What services take for granted where `AUTH_ISSUER` and `AUTH_AUDIENCE` say nothing else. */
const house = 'orderloom';

/** A key pair that signs tokens on a developer's machine and in tests. */
export class TokenKeys {
  private constructor(private readonly secret: JWK) {}

  static async make(): Promise<TokenKeys> {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = await exportJWK(privateKey);
    return new TokenKeys({ ...jwk, kid: (await calculateJwkThumbprint(jwk)).slice(0, 8), alg: algorithm, use: 'sig' });
  }

  /** Those of `dir`, made there once: the private key for this user alone, the public one (`file`) for services. */
  static async findOrMake(dir: string): Promise<TokenKeys> {
    const secret = join(dir, 'token-key.json');
    mkdirSync(dir, { recursive: true });
    if (!existsSync(secret)) writeOnce(secret, JSON.stringify((await TokenKeys.make()).secret));
    const keys = new TokenKeys(JSON.parse(readFileSync(secret, 'utf8')) as JWK);
    writeFileSync(TokenKeys.file(dir), `${JSON.stringify(keys.jwks, null, 2)}\n`);
    return keys;
  }

  /** Where the public part is, for `AUTH_JWKS_FILE`. */
  static file(dir: string): string {
    return join(dir, 'token-keys.json');
  }

  /** The public part, for `AUTH_JWKS`. */
  get jwks(): JSONWebKeySet {
    const { d: _private, ...shown } = this.secret;
    return { keys: [shown] };
  }

  /** A token of `name` in `role`, good for twelve hours. */
  async sign(role: string, name: string): Promise<string> {
    return new SignJWT({ role })
      .setProtectedHeader({ alg: algorithm, kid: this.secret.kid })
      .setSubject(name)
      .setIssuer(house)
      .setAudience(house)
      .setIssuedAt()
      .setExpirationTime('12h')
      .sign(await importJWK(this.secret, algorithm));
  }
}

/** Whole or not at all; of two at once the first one counts. */
function writeOnce(path: string, text: string): void {
  const part = `${path}.${process.pid}`;
  writeFileSync(part, text, { mode: 0o600 });
  try {
    linkSync(part, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(part);
  }
}
