import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';

const algorithm = 'ES256';
/** Default of `AUTH_ISSUER` and `AUTH_AUDIENCE` in services. */
const defaultIssuer = 'orderloom';

/** A key pair that signs tokens in development and tests. */
export class TokenKeys {
  private constructor(private readonly secret: JWK) {}

  static async make(): Promise<TokenKeys> {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = await exportJWK(privateKey);
    return new TokenKeys({ ...jwk, kid: (await calculateJwkThumbprint(jwk)).slice(0, 8), alg: algorithm, use: 'sig' });
  }

  /** The keys of `dir`, created at the first call: the private key readable by this user only, the public key (`file`) for services. */
  static async findOrMake(dir: string): Promise<TokenKeys> {
    const secret = join(dir, 'token-key.json');
    mkdirSync(dir, { recursive: true });
    if (!existsSync(secret)) writeOnce(secret, JSON.stringify((await TokenKeys.make()).secret));
    const keys = new TokenKeys(JSON.parse(readFileSync(secret, 'utf8')) as JWK);
    writeFileSync(TokenKeys.file(dir), `${JSON.stringify(keys.jwks, null, 2)}\n`);
    return keys;
  }

  /** File with the public key, for `AUTH_JWKS_FILE`. */
  static file(dir: string): string {
    return join(dir, 'token-keys.json');
  }

  /** The public key set, for `AUTH_JWKS`. */
  get jwks(): JSONWebKeySet {
    const { d: _private, ...shown } = this.secret;
    return { keys: [shown] };
  }

  /** Signs a token for `name` with `role`, valid for twelve hours. */
  async sign(role: string, name: string): Promise<string> {
    return new SignJWT({ role })
      .setProtectedHeader({ alg: algorithm, kid: this.secret.kid })
      .setSubject(name)
      .setIssuer(defaultIssuer)
      .setAudience(defaultIssuer)
      .setIssuedAt()
      .setExpirationTime('12h')
      .sign(await importJWK(this.secret, algorithm));
  }
}

/** Writes the file atomically; of concurrent writers the first one wins. */
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
