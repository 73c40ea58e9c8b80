import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Ends } from './line.js';

/** Takes the services' clocks along: says each step on standard output and waits until standard input says that it was made. */
export class ServiceClocks {
  private readonly answers: Interface | undefined;

  constructor(
    leads: boolean,
    private readonly print: (line: object) => void,
  ) {
    if (leads) this.answers = createInterface({ input: process.stdin });
  }

  /**
   * Resolves when services read `time` (milliseconds since 1970) and what fell due by it has fired, with whether anything did; at once
   * where nobody moves their clocks for us.
   */
  async move(time: number): Promise<boolean> {
    return (await this.ask({ clock: new Date(time).toISOString() })).includes('fired');
  }

  /** Resolves when services have nothing in hand and have handled all up to `produced` and more; with how far the log is. */
  async idle(produced: Ends): Promise<Ends> {
    return JSON.parse(await this.ask({ idle: produced })) as Ends;
  }

  /** Whether somebody answers. */
  get lead(): boolean {
    return this.answers !== undefined;
  }

  private async ask(line: object): Promise<string> {
    if (!this.answers) return '';
    const answered = once(this.answers, 'line');
    this.print(line);
    const [answer] = (await answered) as [string];
    return answer;
  }
}
