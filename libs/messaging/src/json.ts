import { type FieldError, InvalidInput, isStorable } from '@orderloom/kernel';

/** Deeper than any contract; recursive readers behind us must not run out of stack. */
const maxDepth = 64;
const strict = new TextDecoder('utf-8', { fatal: true });

/** JSON that a database can keep; throws `InvalidInput` naming `value` or the place inside it (`value.lines.0.sku`). */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decoded(bytes);
  const json = parse(text);
  if (!mayHide.test(text) && openings(text) <= maxDepth) return json;
  const errors: FieldError[] = [];
  inspect(json, 'value', 0, errors);
  if (errors.length > 0) throw new InvalidInput(errors);
  return json;
}

/** What a text must hold that `inspect` refuses: an escaped character, or a number with many digits or a large exponent. Most hold none, and are not walked through. */
const mayHide = /\\u|\d[eE]\+?\d{3}|\d{200}/;

function openings(text: string): number {
  let count = 0;
  for (const bracket of ['{', '[']) for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) count += 1;
  return count;
}

function decoded(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    throw new InvalidInput([{ field: 'value', message: 'must be valid UTF-8' }]);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // the parser's own message quotes the text, which may be personal
    const place = / in JSON( at position \d+)(?: \(line \d+ column \d+\))?$/.exec((error as Error).message)?.[1] ?? '';
    throw new InvalidInput([{ field: 'value', message: `must be JSON, and is not${place}` }]);
  }
}

function inspect(json: unknown, field: string, depth: number, errors: FieldError[]): void {
  if (depth > maxDepth) throw new InvalidInput([{ field: 'value', message: `must not nest deeper than ${maxDepth} levels` }]);
  if (typeof json === 'string' && !isStorable(json)) errors.push({ field, message: 'must not hold NUL or a lone surrogate' });
  if (typeof json === 'number' && !Number.isFinite(json)) errors.push({ field, message: 'must be a number that a double can hold' });
  if (typeof json !== 'object' || json === null) return;
  for (const [name, value] of Object.entries(json)) {
    const place = `${field}.${name}`;
    if (isStorable(name)) inspect(value, place, depth + 1, errors);
    else errors.push({ field, message: 'must not have a name that holds NUL or a lone surrogate' });
  }
}
