import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { storefrontName } from '@orderloom/contracts';
import { z } from 'zod';

/** Who asks, as the token says it. */
export interface Caller {
  readonly sub: string;
  readonly role: string;
  /** Where given: reaches orders of this storefront only (ORD-01). */
  readonly storefront?: string | undefined;
}

/** Which tokens count: signed by one of these public keys (found by `kid`), by this issuer, for this audience. */
export interface TokenRules {
  readonly keys: JSONWebKeySet;
  readonly issuer: string;
  readonly audience: string;
}

/** The caller that a token names; null for one that does not count. */
export type TokenReader = (token: string) => Promise<Caller | null>;

/** Asymmetric ones only: a service that can check a token can't make one. */
const algorithms = ['ES256', 'ES384', 'EdDSA', 'RS256', 'PS256'];
const toleranceSeconds = 5;

/** A name without the colon that parts role and name in `by`. */
const caller = z.object({
  sub: z.string().regex(/^[\p{L}\p{N}._@-]{1,80}$/u),
  role: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  storefront: storefrontName.optional(),
});

/** Reads tokens (JWTs) by `rules`: forged, expired, endless, of another issuer or for another audience is none. */
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

/** Who did it, as events keep it: `finance:li`. */
export const byOf = ({ role, sub }: Caller): string => `${role}:${sub}`;
