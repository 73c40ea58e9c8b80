import { type FieldError, InvalidInput } from '@orderloom/kernel';
import type { z } from 'zod';

const maxErrors = 50;

/** A parser of unknown data that throws `InvalidInput` naming every wrong field (`lines.0.quantity`); `whole` names the data itself. */
export function parseWith<S extends z.ZodType>(schema: S, whole = 'data', prefix: readonly string[] = []): (data: unknown) => z.output<S> {
  return (data) => {
    const result = schema.safeParse(data);
    if (result.success) return result.data;
    const errors = result.error.issues.flatMap((issue) => fieldErrors(issue, whole, prefix));
    const rest = errors.length - maxErrors;
    throw new InvalidInput(rest > 0 ? [...errors.slice(0, maxErrors), { field: whole, message: `${rest} more errors` }] : errors);
  };
}

function fieldErrors(issue: z.core.$ZodIssue, whole: string, prefix: readonly string[]): FieldError[] {
  const path = [...prefix, ...issue.path.map(String)];
  if (issue.code !== 'unrecognized_keys') return [{ field: fieldName(path, whole), message: messageOf(issue) }];
  return issue.keys.map((key) => ({ field: fieldName([...path, key], whole), message: 'is not a known field' }));
}

/** Zod's own messages in the form of ours: `is missing, expected string`. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid input: '))
    return issue.message.replace(/^Invalid input: expected (\w+), received (\w+)$/, (_, expected: string, received: string) =>
      received === 'undefined' ? `is missing, expected ${expected}` : `is ${received}, expected ${expected}`,
    );
  if (issue.code !== 'invalid_union' || issue.message !== 'Invalid input') return issue.message;
  const expected = issue.errors.map((errors) =>
    errors.length === 1 && errors[0]?.code === 'invalid_type' ? errors[0].expected : undefined,
  );
  return expected.length > 0 && expected.every((type) => type !== undefined) ? `must be one of: ${expected.join(', ')}` : issue.message;
}

/** Fields come from the input, so their length is bounded. */
export const fieldName = (path: readonly string[], whole: string): string => (path.length === 0 ? whole : path.join('.').slice(0, 200));
