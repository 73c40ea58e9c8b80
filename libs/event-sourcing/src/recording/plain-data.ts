import { InvalidInput, isStorable } from '@orderloom/kernel';

const maxKeyLength = 500;
const suspicious = /\\u(?:0000|d[89a-f])/i;

/** `text` itself; throws `InvalidInput` naming `field` when a database can't keep it. */
export function storableText(text: string, field: string): string {
  if (!isStorable(text)) throw new InvalidInput([{ field, message: 'holds NUL or half a surrogate pair' }]);
  return text;
}

/** `text` itself, where it fits an index as well. */
export function storableKey(text: string, field: string): string {
  if (text.length === 0 || text.length > maxKeyLength)
    throw new InvalidInput([{ field, message: `must have 1 to ${maxKeyLength} characters` }]);
  return storableText(text, field);
}

/** Plain data as JSON text; throws `InvalidInput` naming the field that no database can keep. */
export function storableJson(data: unknown, field: string): string {
  const text = toJson(data, field);
  if (suspicious.test(text)) checkDeep(JSON.parse(text), field);
  return text;
}

function toJson(data: unknown, field: string): string {
  try {
    const text: string | undefined = JSON.stringify(data);
    if (text !== undefined) return text;
  } catch {
    // circular, bigint: said below
  }
  throw new InvalidInput([{ field, message: 'is not plain data' }]);
}

function checkDeep(data: unknown, field: string): void {
  if (typeof data === 'string') storableText(data, field);
  if (data === null || typeof data !== 'object') return;
  for (const [name, value] of Object.entries(data)) {
    storableText(name, field);
    checkDeep(value, `${field}.${name}`);
  }
}
