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
  const { taskId, subject = key, question, about } = data as { taskId: string; subject?: string; question: string; about: Task['about'] };
  return {
    taskId,
    team: topic.split('.').at(-1) ?? '',
    subject,
    question,
    about,
    askedAt: time,
    tries,
    draw: { what: question, subject, round },
    withdrawn: false,
  };
}
