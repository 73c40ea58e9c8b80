import type { ReceivedRecord } from './log-transport.js';

/** A CloudEvent as an external system reads it. */
export interface ReceivedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly rule: string;
  readonly by: string;
  readonly flow: string;
  readonly policyVersion: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any message; each scenario reads its own fields
  readonly data: any;
}

export interface Task {
  readonly taskId: string;
  readonly team: string;
  readonly subject: string;
  readonly question: string;
  readonly about: Readonly<Record<string, unknown>>;
  readonly dueAt: string | null;
}

/** Undefined for a record whose value is not a JSON object, such as invalid input sent by a scenario. */
export function parseMessage(
  topic: string,
  { key, partition, headers = {}, value }: Omit<ReceivedRecord, 'timestamp'>,
): ReceivedMessage | undefined {
  const of = (name: string): string => headers[name]?.toString() ?? '';
  try {
    const data = JSON.parse(value?.toString() ?? '') as { orderNumber?: string };
    const subject = data.orderNumber ?? key?.toString() ?? '';
    return {
      topic,
      partition,
      key: subject,
      id: of('ce_id'),
      source: of('ce_source'),
      type: of('ce_type'),
      rule: of('ce_rule'),
      by: of('ce_by'),
      flow: of('ce_flow'),
      policyVersion: of('ce_policyversion'),
      data,
    };
  } catch {
    return undefined;
  }
}

export const taskOf = ({ topic, data }: ReceivedMessage): Task => ({ ...(data as Task), team: topic.split('.').at(-1) ?? '' });

/** One line of a timeline for the error message of a failed wait. */
export function formatMessage({ topic, type, rule, data }: ReceivedMessage): string {
  const { question, template, notice, answer, input, from, to, outcome, why, error, reason, reminder } = data as Record<string, never>;
  const moved = to === undefined ? [] : [`${JSON.stringify(from ?? '')} -> ${JSON.stringify(to)}`];
  const details = [
    question,
    template,
    notice,
    (answer as { type?: string } | undefined)?.type,
    (input as { type?: string } | undefined)?.type,
  ];
  const text = [...details, ...moved, outcome, why, error, reason, reminder].filter((part) => part !== undefined).join(' ');
  return `${topic.replace('orderloom.', '').padEnd(20)} ${rule.padEnd(7)} ${type} ${text}`;
}
