import { type FieldError, instant, isStorable } from '@orderloom/kernel';

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

/** Reads the CloudEvents attributes of one event and collects all errors; field names get `prefix`. */
export class Attributes {
  readonly errors: FieldError[] = [];

  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly prefix: string,
  ) {}

  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  require(...names: readonly string[]): void {
    for (const name of names) if (this.value(name) === undefined) this.addError(name, 'is required');
  }

  expect(name: string, expected: string): void {
    if (this.value(name) !== expected) this.addError(name, `must be ${expected}`);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value.trim() === '') return this.addError(name, 'must be a non-empty string');
    return isReadable(value) ? value : this.addError(name, 'must be UTF-8 without NUL');
  }

  /** A positive integer, given as number or as decimal string. */
  count(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) && number > 0
      ? number
      : this.addError(name, 'must be a positive integer');
  }

  /** An RFC 3339 timestamp, converted to `Instant`. */
  time(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : (parseTime(text) ?? this.addError(name, 'must be an RFC 3339 timestamp'));
  }

  private addError(name: string, message: string): undefined {
    this.errors.push({ field: this.prefix + name, message });
  }

  private value(name: string): unknown {
    return this.values[name] ?? undefined;
  }
}

/** Returns false if a decoded header or key contains NUL, an unpaired surrogate or U+FFFD, which replaces invalid UTF-8. */
export const isReadable = (text: string): boolean => isStorable(text) && !text.includes('\uFFFD');

/** Matches an `Instant` that is valid in every month, as a fast path. */
const commonForm = /^(?!0000)\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{6}Z$/;

function parseTime(text: string): string | undefined {
  if (commonForm.test(text)) return text;
  const [, year, month, day] = rfc3339.exec(text)?.map(Number) ?? [];
  if (!year || !month || !day || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  try {
    const at = instant(text.toUpperCase());
    return at.length === 27 ? at : undefined; // the UTC offset may move the year beyond 9999
  } catch {
    return undefined;
  }
}
