import { hash, randomUUID } from 'node:crypto';

/** A new random id (UUID). */
export const newId = (): string => randomUUID();

/** An id (UUID, version 8) that is always the same for the same parts: what makes a repeated step produce the same bytes. */
export function deriveId(...parts: readonly (string | number)[]): string {
  const hex = hash('sha256', JSON.stringify(parts));
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A fingerprint of plain data that does not depend on the order of its fields. */
export const fingerprint = (data: unknown): string => hash('sha256', JSON.stringify(sorted(data)) ?? '', 'base64url');

function sorted(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sorted);
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(
    Object.entries(data)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}
