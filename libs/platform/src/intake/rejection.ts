import { type RecordRejected, rejectionMessages, rejectionsOf, senderOn } from '@orderloom/contracts';
import type { Append, Decider, Fact, Publication } from '@orderloom/event-sourcing';

// This name is stored for ever.
type RejectionEvent = Fact<'RecordRejected', RecordRejected>;

const rules = { RecordRejected: 'CS-04' } as const;

/** Records of others that a service refused: one stream each, and nothing to decide later. */
export const rejection: Decider<null, object, RejectionEvent> = {
  name: 'rejection',
  initial: null,
  evolve: (state) => state,
  decide: () => [],
  rules,
  examples: { RecordRejected: rejectionMessages[0]?.example as object },
};

/** The event that a record is refused, for the unit of work in which that is decided. */
export function rejected(data: RecordRejected): Append {
  const place = data.offset === null ? `${data.source}/${data.id}` : `${data.partition}/${data.offset}`;
  return {
    stream: `rejection-${data.topic}/${place}`,
    subject: data.key || data.topic,
    expected: 'any',
    events: [{ type: 'RecordRejected', data, rule: rules.RecordRejected }],
  };
}

/** Publishes it to the sender of the record. */
export const publishRejection: Publication = ({ stream, type, data }) => {
  if (!stream.startsWith('rejection-')) return [];
  const sender = senderOn((data as RecordRejected).topic);
  return sender === undefined ? [] : [{ topic: rejectionsOf(sender), type, data }];
};
