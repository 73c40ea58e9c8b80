import { answers, contractOf, customerAnswered, storefrontOrders } from '@orderloom/contracts';
import { InvalidInput } from '@orderloom/kernel';
import type { Sealing } from '@orderloom/platform';
import { z } from 'zod';
import type { Entry } from './entry.js';

/**
 * Seals a clear-text message of the storefront for storage, reduced to the fields of its contract. Unreadable data stay on the topic and
 * with the service that parked them. `writtenAt`: when the log received it, in ms since 1970.
 */
export async function sealed(
  line: { entry: Entry; data: unknown },
  sealing: Sealing,
  writtenAt: number,
): Promise<{ entry: Entry; data: unknown }> {
  const { entry, data } = line;
  if (entry.topic !== storefrontOrders) return line;
  if (entry.unreadable !== null) return { entry: { ...entry, data: null }, data: null };
  try {
    const kept =
      entry.type === customerAnswered.type
        ? await sealing.seal(...answering(data as Answering), entry.orderNumber, writtenAt)
        : await sealing.seal(contractOf(entry.topic, entry.type).data, data, entry.orderNumber, writtenAt);
    return { entry: { ...entry, data: kept }, data: kept };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { entry: { ...entry, data: null, unreadable: error.message }, data: null };
  }
}

interface Answering {
  readonly answer: { readonly type: string };
}

/** An answer reduced to the fields of its type; only the type if it fits no question. */
function answering(data: Answering): [z.ZodType, unknown] {
  const type = z.object({ type: z.string() });
  const fields = answers[data.answer.type];
  const schema = customerAnswered.data.extend({ answer: fields instanceof z.ZodObject ? fields.safeExtend(type.shape) : type });
  const read = schema.safeParse(data);
  return read.success ? [schema, read.data] : [schema, { ...data, answer: { type: data.answer.type } }];
}
