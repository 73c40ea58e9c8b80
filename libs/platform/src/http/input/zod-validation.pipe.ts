import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { parseWith } from '@orderloom/contracts';

/** Parses what a controller declares with a zod schema: `@Body({ schema })`, `@Query({ schema })`, `@Param('id', { schema })`. */
export class ZodValidationPipe implements PipeTransform {
  transform(value: unknown, { schema, type, data }: ArgumentMetadata): unknown {
    if (!(schema instanceof z.ZodType)) return value;
    return parseWith(schema, type, data === undefined ? [] : [data])(value);
  }
}
