import { hash, randomUUID } from 'node:crypto';

/** A random id (UUID, version 4). */
export const newId = (): string => randomUUID();

/** A deterministic id (UUID, version 8): the same parts give the same id, so a repeated step produces the same bytes. */
export function deriveId(...parts: readonly (string | number)[]): string {
  const hex = hash('sha256', JSON.stringify(parts));
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Hash of plain data, independent of the order of fields. */
export const fingerprint = (data: unknown): string => hash('sha256', JSON.stringify(sortFields(data)) ?? '', 'base64url');

function sortFields(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sortFields);
  if (data === null || typeof data !== 'object') return data;
  return Object.fromEntries(
    Object.entries(data)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sortFields(v)]),
  );
}
