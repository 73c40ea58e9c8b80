import { z } from 'zod';
import { orderNumber } from '../messages/common.js';
import { sealable } from '../messages/personal.js';
import { extra } from '../messages/unknown-fields.js';

const example = { orderNumber: '536365', of: 'ParcelShipped', on: 'orderloom.warehouse.reports', source: '/warehouse', id: 'w-17' };

/** CS-04: what was said in fields that nobody here knows is part of history, as it was sent. */
export const fieldsKept = {
  rule: 'CS-04',
  description: 'A message or request to this service had unknown fields. They had no effect, and are kept as they were sent.',
  data: z.object({
    orderNumber,
    of: z.string().describe('type of the message, or the command that was asked for over HTTP'),
    on: z.string().describe('topic, or `http`'),
    source: z.string().describe('ce_source, or who asked over HTTP'),
    id: z.string().describe('ce_id, or the key of the HTTP request'),
    fields: sealable(extra.unwrap()),
  }),
  example: { ...example, fields: [{ field: 'weightGrams', value: '840' }] },
};
export type FieldsKept = z.infer<typeof fieldsKept.data>;
