import { z } from 'zod';

export const envelopeIntroduction =
  'Headers of every record: CloudEvents 1.0 in Kafka binary mode. The key is the subject; the value is the data as JSON in UTF-8.';

const instant = (says: string) => z.iso.datetime({ offset: true }).optional().describe(says);
const text = (says: string) => z.string().min(1).describe(says);

/** The headers of a record, as a sender fills them in. */
export const envelope = z.object({
  'content-type': z.string().default('application/json'),
  ce_specversion: z.literal('1.0'),
  ce_id: text('id of the message; a message that is sent again keeps it'),
  ce_source: text('the sender, a URI; unique together with the id'),
  ce_type: text('type of the message: the title of its schema'),
  ce_typeversion: z
    .string()
    .regex(/^[1-9]\d*$/)
    .default('1')
    .describe('version of its schema'),
  ce_subject: text('subject of the message; default: the key').optional(),
  ce_time: instant('when it occurred in the world; default: when the record was written'),
  ce_recordedat: instant('when the sender recorded it'),
  ce_by: text('person, system or flow that caused it').optional(),
  ce_rule: text('number of the rule in the manual').optional(),
  ce_policyversion: text('version of the settings that were in force: settings-3, or defaults').optional(),
  ce_causation: text('id of the message that caused it').optional(),
  ce_causationsource: text('source of the message that caused it').optional(),
  ce_correlation: text('correlation id: the id of the first message in the chain of causes').optional(),
  ce_flow: text('id of the flow that sent the message or that it answers').optional(),
  ce_traceparent: text('W3C trace context').optional(),
});
