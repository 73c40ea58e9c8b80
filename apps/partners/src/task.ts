import type { Draw } from './manners.js';
import type { Heard } from './message.js';

/** A question to a team, as it came on `orderloom.tasks.<team>`. */
export interface Task {
  readonly taskId: string;
  readonly team: string;
  readonly subject: string;
  readonly question: string;
  readonly about: Readonly<Record<string, unknown>>;
  /** When it was asked, or asked again: ISO 8601. */
  askedAt: string;
  /** How often the team answered it before, in vain. */
  readonly tries: number;
  /** What is drawn for it. */
  readonly draw: Draw;
  /** Nobody needs the answer any more. */
  withdrawn: boolean;
}

export interface Answer {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** How a team deals with one question; resolves when it is dealt with. */
export type Dealing = (task: Task) => Promise<void>;

/** The task of a `TaskAsked` or `TaskReminded`; `round`: how often the same was asked about the same subject before. */
export function taskOf({ topic, key, time, data }: Heard, round: number, tries: number): Task {
  const text = (name: string, value: unknown): string => {
    if (typeof value === 'string') return value;
    throw new RangeError(`a task on ${topic} has ${name} ${JSON.stringify(value)}, where a text is expected`);
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
    draw: { what: question, subject, round },
    withdrawn: false,
  };
}
