import { droppedFields, eventsTopicOf, extra, type FieldsKept, type ServiceName, unknownMoneyField } from '@orderloom/contracts';
import type { Append, Decider, Fact, Publication } from '@orderloom/event-sourcing';
import { deriveId, InvalidInput } from '@orderloom/kernel';
import { z } from 'zod';
import type { Sealing } from '../privacy/sealing.js';

// This name is stored and must not change.
type KeepingEvent = Fact<'FieldsKept', FieldsKept>;

const name = 'fields';
const rules = { FieldsKept: 'CS-04' } as const;
const example: FieldsKept = {
  ...{ orderNumber: '536365', of: 'ParcelShipped', on: 'orderloom.warehouse.reports', source: '/warehouse', id: 'w-17' },
  fields: [{ field: 'weightGrams', value: '840' }],
};

/** Unknown fields of messages and requests: one stream for each message or request. */
export const keptFields: Decider<null, object, KeepingEvent> = {
  name,
  initial: null,
  evolve: (state) => state,
  decide: () => [],
  rules,
  examples: { FieldsKept: example },
};

export const publishKeptFields =
  (service: ServiceName): Publication =>
  ({ stream, type, data }) =>
    stream.startsWith(`${name}-`) ? [{ topic: eventsTopicOf(service), type, data }] : [];

export type Dropped = FieldsKept['fields'];

/** Fields of `said` that a reader of `schema` drops. Throws `InvalidInput` for fields that change money, which must not be ignored. */
export function readDropped(schema: z.ZodType, said: unknown): Dropped {
  const { fields, money } = droppedFields(schema, said);
  if (money.length > 0) throw new InvalidInput(money.map((field) => ({ field, message: unknownMoneyField })));
  return fields;
}

const beside = z.object({ fields: extra });

/** The events that keep what was dropped, sealed, for the unit of work of the message or request. */
export async function keptFieldsUnit(
  about: Omit<FieldsKept, 'fields'>,
  fields: Dropped,
  sealing: Pick<Sealing, 'seal'>,
  writtenAt?: number,
): Promise<readonly Append[]> {
  if (fields.length === 0) return [];
  const { orderNumber } = about;
  const data: FieldsKept = { ...about, ...(await sealing.seal(beside, { fields }, orderNumber, writtenAt)) };
  const objects = [{ type: 'order', id: orderNumber }];
  const event = { type: 'FieldsKept', data, rule: rules.FieldsKept, objects };
  return [{ stream: `${name}-${deriveId(about.on, about.source, about.id)}`, subject: orderNumber, expected: 'any', events: [event] }];
}
