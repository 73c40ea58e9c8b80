import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import type { TokenRules } from './token.js';

const publicKey = z.looseObject({ kty: z.enum(['EC', 'OKP', 'RSA']), kid: z.string().min(1), d: z.undefined().optional() });
const set = z.object({ keys: z.array(publicKey).min(1) });

/** A JSON Web Key Set as text: public keys only, each readable and with a `kid` of its own. */
const keySet = z.string().transform((text, issues): JSONWebKeySet => {
  const read = set.safeParse(parsed(text));
  if (read.success && areReadable(read.data.keys)) return read.data;
  issues.addIssue({ code: 'custom', message: 'is not a set of public keys (JWKS)' });
  return z.NEVER;
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function areReadable(keys: readonly z.infer<typeof publicKey>[]): boolean {
  try {
    for (const key of keys) createPublicKey({ key, format: 'jwk' });
  } catch {
    return false;
  }
  return new Set(keys.map(({ kid }) => kid)).size === keys.length;
}

/** The text of the file at a path, trimmed. */
export const fileText = z.string().transform((path, issues) => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    issues.addIssue({ code: 'custom', message: 'is not a readable file' });
    return z.NEVER;
  }
});

const whatKeys = 'a JSON Web Key Set: public keys, each with a kid of its own';
const name = z.string().min(1).max(200);

/** Accepted issuers and keys. Several keys are possible while one replaces another. */
export const authConfig = {
  AUTH_JWKS: keySet.optional().describe(whatKeys),
  AUTH_JWKS_FILE: fileText.pipe(keySet).optional().describe(`a file with ${whatKeys}`),
  AUTH_ISSUER: name.default('orderloom').describe('the required iss of tokens'),
  AUTH_AUDIENCE: name.default('orderloom').describe('the required aud of tokens'),
};

type AuthConfig = z.output<z.ZodObject<typeof authConfig>>;

/** Faults of combinations. */
export function authFaults({ AUTH_JWKS, AUTH_JWKS_FILE }: Partial<AuthConfig>): string[] {
  if (AUTH_JWKS && AUTH_JWKS_FILE) return ['AUTH_JWKS and AUTH_JWKS_FILE are both given: one of them must go.'];
  return AUTH_JWKS || AUTH_JWKS_FILE ? [] : [`AUTH_JWKS is missing: it must be ${whatKeys} (or AUTH_JWKS_FILE a file with one).`];
}

export const tokenRules = ({ AUTH_JWKS, AUTH_JWKS_FILE, AUTH_ISSUER, AUTH_AUDIENCE }: AuthConfig): TokenRules => ({
  keys: AUTH_JWKS ?? AUTH_JWKS_FILE ?? { keys: [] },
  issuer: AUTH_ISSUER,
  audience: AUTH_AUDIENCE,
});
