import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether `signature` is the base64 HMAC-SHA256 of the bytes `body`, under one of `secrets`; takes the same time for every wrong one. */
export function isSigned(body: Uint8Array, signature: string, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature, 'base64');
  return secrets.map((secret) => isEqual(createHmac('sha256', secret).update(body).digest(), given)).includes(true);
}

const isEqual = (expected: Buffer, given: Buffer): boolean => expected.length === given.length && timingSafeEqual(expected, given);
