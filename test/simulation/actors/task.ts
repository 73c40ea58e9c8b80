import type { Team } from '@orderloom/contracts';
import type { Instant } from '@orderloom/kernel';

/** A question to a team, until it is closed. */
export interface Task {
  readonly taskId: string;
  readonly team: Team;
  readonly subject: string;
  readonly question: string;
  readonly about: Readonly<Record<string, unknown>>;
  readonly dueAt: Instant | null;
  isWithdrawn: boolean;
  /** The reason. */
  reason?: string;
  isClosed: boolean;
  answers: number;
}
