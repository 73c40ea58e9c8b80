import {
  messageOf,
  type RecordRejected,
  rejectionMessages,
  rejectionsTopicOf,
  type RejectionsSuppressed,
  senderOn,
} from '@orderloom/contracts';
import type { Append, Decider, Fact, Publication } from '@orderloom/event-sourcing';
import { toStorable } from '@orderloom/kernel';

// These names are stored and must not change.
type RejectionEvent = Fact<'RecordRejected', RecordRejected> | Fact<'RejectionsSuppressed', RejectionsSuppressed>;

const rules = { RecordRejected: 'CS-04', RejectionsSuppressed: 'CS-04' } as const;

/** Rejected records: one stream for each. */
export const rejection: Decider<null, object, RejectionEvent> = {
  name: 'rejection',
  initial: null,
  evolve: (state) => state,
  decide: () => [],
  rules,
  examples: {
    RecordRejected: messageOf(rejectionMessages, 'RecordRejected').example,
    RejectionsSuppressed: messageOf(rejectionMessages, 'RejectionsSuppressed').example,
  },
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

/** The event that further records of a sender were refused. */
export const rejectionsSuppressed = (data: RejectionsSuppressed): Append => ({
  stream: `rejection-suppressed/${data.topic}`,
  subject: data.topic,
  expected: 'any',
  events: [{ type: 'RejectionsSuppressed', data, rule: rules.RejectionsSuppressed }],
});

/** Publishes it to the sender of the record. */
export const publishRejection: Publication = ({ stream, type, data }) => {
  if (!stream.startsWith('rejection-')) return [];
  const sender = senderOn((data as RecordRejected | RejectionsSuppressed).topic);
  return sender === undefined ? [] : [{ topic: rejectionsTopicOf(sender), type, data }];
};

/** A text from outside, shortened and cleaned so that it can be stored. */
export const shortened = (text: string | null): string | null => (text === null ? null : toStorable(text.slice(0, 200)));
