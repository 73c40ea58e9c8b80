import { InvalidInput } from '@orderloom/kernel';
import { fieldName } from '@orderloom/contracts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const maxDepth = 50;
/** Characters that Postgres stores neither in text nor in jsonb. */
const unstorable = /\0|\p{Surrogate}/u;

/** The JSON in `bytes`; throws `InvalidInput` for what is not UTF-8, not JSON, or can't be stored. No bytes are no body. */
export function readJson(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  const value = parse(decode(bytes));
  checkStorable(value, 'body');
  return value;
}

/** Throws `InvalidInput` naming the first field that holds NUL, a lone surrogate, a number out of range or too deep a nesting. */
export function checkStorable(value: unknown, whole: string, path: readonly string[] = []): void {
  const refuse = (message: string): never => {
    throw new InvalidInput([{ field: fieldName(path, whole), message }]);
  };
  if (typeof value === 'string' && unstorable.test(value)) refuse('must not hold a NUL character or half of a surrogate pair');
  if (typeof value === 'number' && !Number.isFinite(value)) refuse('is a number out of range');
  if (typeof value !== 'object' || value === null) return;
  if (path.length >= maxDepth) refuse(`must not nest deeper than ${maxDepth} levels`);
  for (const [key, child] of Object.entries(value)) {
    if (unstorable.test(key)) refuse('has a field whose name holds a NUL character or half of a surrogate pair');
    if (key === '__proto__') refuse('must not have a field named __proto__');
    checkStorable(child, whole, [...path, key]);
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new InvalidInput([{ field: 'body', message: 'must be UTF-8' }]);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInput([{ field: 'body', message: 'must be JSON' }]);
  }
}
