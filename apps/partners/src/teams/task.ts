import type { Draw } from '../behaviour/behaviour-profile.js';
import type { IncomingMessage } from '../messaging/message.js';

/** A question to a team, as received on `orderloom.tasks.<team>`. */
export interface Task {
  readonly taskId: string;
  readonly team: string;
  readonly subject: string;
  readonly question: string;
  readonly about: Readonly<Record<string, unknown>>;
  /** Time of the question or of the last reminder, ISO 8601. */
  askedAt: string;
  /** Number of earlier answers without effect. */
  readonly tries: number;
  /** Input of random choices. */
  readonly draw: Draw;
  /** True if the answer is no longer needed. */
  withdrawn: boolean;
  /** True if it was asked anew with other data. */
  superseded?: boolean;
}

export interface Answer {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Handles one question of a team; resolves when it is completed. */
export type TaskHandler = (task: Task) => Promise<void>;

/** Handlers of a team, by question. */
export type TaskHandlers = Readonly<Record<string, TaskHandler>>;

/** The task of a `TaskAsked` or `TaskReminded`. `round` counts earlier questions of this kind about the same subject. */
export function taskOf({ topic, key, time, data }: IncomingMessage, round: number, tries: number): Task {
  const text = (name: string, value: unknown): string => {
    if (typeof value === 'string') return value;
    throw new RangeError(`invalid task on ${topic}: ${name} is ${JSON.stringify(value)}, expected text`);
  };
  const taskId = text('taskId', data['taskId']);
  const subject = text('subject', data['subject'] ?? key);
  const question = text('question', data['question']);
  return {
    taskId,
    team: topic.split('.').at(-1) ?? '',
    subject,
    question,
    about: data['about'] as Task['about'],
    askedAt: time,
    tries,
    draw: { question: question, subject, round },
    withdrawn: false,
  };
}
