import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

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
    if (!this.answers) return false;
    const moved = once(this.answers, 'line');
    this.print({ clock: new Date(time).toISOString() });
    const [answer] = (await moved) as [string];
    return answer.includes('fired');
  }
}
