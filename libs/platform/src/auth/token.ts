import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { storefrontName } from '@orderloom/contracts';
import { z } from 'zod';

/** The caller named by a token. */
export interface Caller {
  readonly sub: string;
  readonly role: string;
  /** If present, access is limited to orders of this storefront (ORD-01). */
  readonly storefront?: string | undefined;
}

/** Accepted tokens: signed by one of these public keys (found by `kid`), from this issuer, for this audience. */
export interface TokenRules {
  readonly keys: JSONWebKeySet;
  readonly issuer: string;
  readonly audience: string;
}

/** Returns the caller of a token, or null for an invalid token. */
export type TokenReader = (token: string) => Promise<Caller | null>;

/** Asymmetric algorithms only, so that a service that checks tokens cannot issue them. */
const algorithms = ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'];
const toleranceSeconds = 5;

/** A name without a colon, which separates role and name in `by`. */
const caller = z.object({
  sub: z.string().regex(/^[\p{L}\p{N}._@-]{1,80}$/u),
  role: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  storefront: storefrontName.optional(),
});

/** Verifies tokens (JWT). Forged, expired or endless tokens and those with another issuer or audience are invalid. */
export function tokenReader({ keys, issuer, audience }: TokenRules): TokenReader {
  const keyOf = createLocalJWKSet(keys);
  const options = { algorithms, issuer, audience, requiredClaims: ['exp'], clockTolerance: toleranceSeconds };
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keyOf, options);
      return caller.safeParse(payload).data ?? null;
    } catch {
      return null;
    }
  };
}

/** The actor as stored in events: `finance:li`. */
export const actorNameOf = ({ role, sub }: Caller): string => `${role}:${sub}`;
