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

describe('parsing', () => {
  it('gives what the schema makes of the data, with the fields it lets through', () => {
    const data = { number: '1', lines: [{ quantity: 1, colour: 'red' }] };
    expect(parseWith(order)(data)).toEqual(data);
  });

  it('names every wrong field by its path', () => {
    expect(fieldsOf({ number: 1, lines: [{ quantity: 1 }, { quantity: 0 }] })).toEqual(['number', 'lines.1.quantity']);
  });

  it('names each field that nobody knows', () => {
    expect(errorsOf({ number: '1', lines: [], colour: 'red' })).toEqual([{ field: 'colour', message: 'is not a known field' }]);
  });

  it('names the data itself where it is of the wrong kind', () => {
    expect(fieldsOf(null)).toEqual(['data']);
  });

  it('says of endless errors how many more there are', () => {
    const errors = errorsOf({ number: '1', lines: Array.from({ length: 1_000 }, () => ({ quantity: 0 })) });
    expect(errors).toHaveLength(51);
    expect(errors.at(-1)).toEqual({ field: 'data', message: '950 more errors' });
  });

  it('bounds the name of a field that comes from the input', () => {
    expect(fieldsOf({ number: '1', lines: [], ['x'.repeat(10_000)]: 1 })[0]).toHaveLength(200);
  });
});
