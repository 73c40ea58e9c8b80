import { InvalidInput, isStorable } from '@orderloom/kernel';

const maxKeyLength = 500;
const mayBeUnstorable = /\\u(?:0000|d[89a-f])/i;

/** Returns `text`; throws `InvalidInput` for `field` if Postgres cannot store it (NUL or an unpaired surrogate). */
export function storableText(text: string, field: string): string {
  if (!isStorable(text)) throw new InvalidInput([{ field, message: 'must not contain NUL or an unpaired surrogate' }]);
  return text;
}

/** Returns `text`; throws `InvalidInput` for `field` unless it is storable and has 1 to 500 characters, the limit of an index key. */
export function storableKey(text: string, field: string): string {
  if (text.length === 0 || text.length > maxKeyLength)
    throw new InvalidInput([{ field, message: `must have 1 to ${maxKeyLength} characters` }]);
  return storableText(text, field);
}

/** Returns plain data as JSON text; throws `InvalidInput` for the field that cannot be stored. */
export function storableJson(data: unknown, field: string): string {
  const text = toJson(data, field);
  if (mayBeUnstorable.test(text)) checkDeep(JSON.parse(text), field);
  return text;
}

function toJson(data: unknown, field: string): string {
  try {
    const text: string | undefined = JSON.stringify(data);
    if (text !== undefined) return text;
  } catch {
    // Circular references and bigints are reported below.
  }
  throw new InvalidInput([{ field, message: 'must be plain JSON data' }]);
}

function checkDeep(data: unknown, field: string): void {
  if (typeof data === 'string') storableText(data, field);
  if (data === null || typeof data !== 'object') return;
  for (const [name, value] of Object.entries(data)) {
    storableText(name, field);
    checkDeep(value, `${field}.${name}`);
  }
}
