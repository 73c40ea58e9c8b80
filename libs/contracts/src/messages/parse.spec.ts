import { InvalidInput } from '@orderloom/kernel';
import { z } from 'zod';
import { parseWith } from './parse.js';

const order = z.strictObject({ number: z.string(), lines: z.array(z.looseObject({ quantity: z.int().positive() })) });

const errorsOf = (data: unknown): InvalidInput['errors'] => {
  try {
    parseWith(order)(data);
    return [];
  } catch (error) {
    if (error instanceof InvalidInput) return error.errors;
    throw error;
  }
};
const fieldsOf = (data: unknown): string[] => errorsOf(data).map(({ field }) => field);

describe('parsing with a schema', () => {
  it('the result is what the schema makes of the data', () => {
    const data = { number: '1', lines: [{ quantity: 1, colour: 'red' }] };
    expect(parseWith(order)(data)).toEqual(data);
  });

  it('the errors name every wrong field by its path', () => {
    expect(fieldsOf({ number: 1, lines: [{ quantity: 1 }, { quantity: 0 }] })).toEqual(['number', 'lines.1.quantity']);
  });

  it('the errors name each unknown field', () => {
    expect(errorsOf({ number: '1', lines: [], colour: 'red' })).toEqual([{ field: 'colour', message: 'is not a known field' }]);
  });

  it('the error names the data itself if it has the wrong type', () => {
    expect(fieldsOf(null)).toEqual(['data']);
  });

  it('the message of a missing field or a wrong type names what was expected', () => {
    expect(errorsOf({ number: 1 })).toEqual([
      { field: 'number', message: 'is number, expected string' },
      { field: 'lines', message: 'is missing, expected array' },
    ]);
  });

  it('a long list of errors is cut, with the number of the rest', () => {
    const errors = errorsOf({ number: '1', lines: Array.from({ length: 1_000 }, () => ({ quantity: 0 })) });
    expect(errors).toHaveLength(51);
    expect(errors.at(-1)).toEqual({ field: 'data', message: '950 more errors' });
  });

  it('a field name taken from the input is cut', () => {
    expect(fieldsOf({ number: '1', lines: [], ['x'.repeat(10_000)]: 1 })[0]).toHaveLength(200);
  });
});
