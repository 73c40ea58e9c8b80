import { SetMetadata } from '@nestjs/common';
import type { z } from 'zod';

const operationKey = 'orderloom:operation';

/** OpenAPI description of a handler, besides its `@Body`, `@Query` and `@Param` schemas and the usual problems. */
export interface OperationNotes {
  readonly summary: string;
  /** The manual's rule (`REF-01`). */
  readonly rule?: string;
  /** By status, the schema of the body; null for none. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
}

/** Describes a handler; a route without it stops the service at start. */
export const Operation = (notes: OperationNotes) => SetMetadata(operationKey, notes);

export const notesOf = (handler: object): OperationNotes | undefined =>
  Reflect.getMetadata(operationKey, handler) as OperationNotes | undefined;
