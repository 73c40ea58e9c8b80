import { z } from 'zod';

export const envelopeSays =
  'Headers of every record: CloudEvents 1.0 in Kafka binary mode. The key is the subject; the value is the data as JSON in UTF-8.';

const instant = (says: string) => z.iso.datetime({ offset: true }).optional().describe(says);
const text = (says: string) => z.string().min(1).describe(says);

/** The headers of a record, as a sender fills them in. */
export const envelope = z.object({
  'content-type': z.string().default('application/json'),
  ce_specversion: z.literal('1.0'),
  ce_id: text('of this message; the same message sent again has the same one'),
  ce_source: text('who says it, a URI; with the id it is unique'),
  ce_type: text('the title of its schema'),
  ce_typeversion: z
    .string()
    .regex(/^[1-9]\d*$/)
    .default('1')
    .describe('the version of its schema'),
  ce_subject: text('what it is about; the key where absent').optional(),
  ce_time: instant('when it occurred in the world; when the record was written where absent'),
  ce_recordedat: instant('when the sender recorded it'),
  ce_by: text('the person, system or flow that did it').optional(),
  ce_rule: text('the number of the rule that it follows').optional(),
  ce_policyversion: text('version of the settings under which it was decided: settings-3, or defaults').optional(),
  ce_causation: text('id of the message that caused it').optional(),
  ce_causationsource: text('source of the message that caused it').optional(),
  ce_correlation: text('id of the story: its first cause of all').optional(),
  ce_flow: text('the flow that it answers, or that asks').optional(),
  ce_traceparent: text('W3C trace context').optional(),
});
