import { type FieldError, InvalidInput, isStorable } from '@orderloom/kernel';

/** Deeper than any contract. Recursive readers of the value must not overflow the stack. */
const maxDepth = 64;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses JSON that Postgres can store. Throws `InvalidInput` for `value` or a path inside it (`value.lines.0.sku`). */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  const json = parse(text);
  if (!needsInspection.test(text) && countBrackets(text) <= maxDepth) return json;
  const errors: FieldError[] = [];
  inspect(json, 'value', 0, errors);
  if (errors.length > 0) throw new InvalidInput(errors);
  return json;
}

/**
 * Matches text that may contain a value rejected by `inspect`: an escape, a long number or a large exponent. Other text is not traversed.
 */
const needsInspection = /\\u|\d[eE]\+?\d{3}|\d{200}/;

function countBrackets(text: string): number {
  let count = 0;
  for (const bracket of ['{', '[']) for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) count += 1;
  return count;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new InvalidInput([{ field: 'value', message: 'must be valid UTF-8' }]);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The message of the parser quotes the text, which may contain personal data.
    const position = / in JSON( at position \d+)(?: \(line \d+ column \d+\))?$/.exec((error as Error).message)?.[1] ?? '';
    throw new InvalidInput([{ field: 'value', message: `is not valid JSON${position}` }]);
  }
}

function inspect(json: unknown, field: string, depth: number, errors: FieldError[]): void {
  if (depth > maxDepth) throw new InvalidInput([{ field: 'value', message: `must not nest deeper than ${maxDepth} levels` }]);
  if (typeof json === 'string' && !isStorable(json)) errors.push({ field, message: 'must not contain NUL or an unpaired surrogate' });
  if (typeof json === 'number' && !Number.isFinite(json)) errors.push({ field, message: 'must be within the range of a double' });
  if (typeof json !== 'object' || json === null) return;
  for (const [name, value] of Object.entries(json)) {
    const path = `${field}.${name}`;
    if (isStorable(name)) inspect(value, path, depth + 1, errors);
    else errors.push({ field, message: 'must not contain a name with NUL or an unpaired surrogate' });
  }
}
