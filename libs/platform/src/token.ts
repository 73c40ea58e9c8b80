import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

/** Who asks, as the token says it. */
export interface Caller {
  readonly sub: string;
  readonly role: string;
}

/** Known to everybody: for a developer's own machine only. */
export const developmentSecret = 'orderloom-development-secret-known-to-everybody';

const issuer = 'orderloom-development';
const key = (secret: string): Uint8Array => new TextEncoder().encode(secret);

/** A name without the colon that parts role and name in `by`. */
export const caller = z.object({
  sub: z.string().regex(/^[\p{L}\p{N}._@-]{1,80}$/u, 'must be 1 to 80 letters, digits, dots, hyphens, underscores or @'),
  role: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a kebab-case word of at most 40 characters'),
});

/** A token of `sub` in `role`, good for twelve hours. Throws a `ZodError` for a name that `by` can't hold. */
export function signDevelopmentToken(secret: string, sub: string, role: string): Promise<string> {
  const who = caller.parse({ sub, role });
  return new SignJWT({ role: who.role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(who.sub)
    .setIssuer(issuer)
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(key(secret));
}

/** The caller that a token names; null for one that is forged, expired or of another make. */
export async function verifyDevelopmentToken(secret: string, token: string): Promise<Caller | null> {
  try {
    const { payload } = await jwtVerify(token, key(secret), { algorithms: ['HS256'], issuer, requiredClaims: ['exp'] });
    return caller.safeParse(payload).data ?? null;
  } catch {
    return null;
  }
}

/** Who did it, as events keep it: `finance:li`. */
export const byOf = ({ role, sub }: Caller): string => `${role}:${sub}`;
