import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { EndOffsets } from '../messaging/transport.js';

/** Moves the services' clocks: prints each step on standard output and waits for a reply on standard input. */
export class ServiceClocks {
  private readonly answers: Interface | undefined;

  constructor(
    leads: boolean,
    private readonly print: (line: object) => void,
  ) {
    if (leads) this.answers = createInterface({ input: process.stdin });
  }

  /**
   * Resolves when services read `time` (milliseconds since 1970) and the due deadlines have fired, to true if there were any; at once
   * without clock control.
   */
  async move(time: number): Promise<boolean> {
    return (await this.ask({ clock: new Date(time).toISOString() })).includes('fired');
  }

  /** Resolves when services are idle and have consumed everything up to `produced`; with the end offsets. */
  async idle(produced: EndOffsets): Promise<EndOffsets> {
    return JSON.parse(await this.ask({ idle: produced })) as EndOffsets;
  }

  /** True if clock control is available. */
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
