import { launch, type Launch, type Running, tail, Unavailable } from '@orderloom/dev-services';

interface Stoppable {
  stop(): Promise<void>;
}

/** What runs for one command: stops all of it, the last first, when a signal comes or one of its processes dies. */
export class House {
  private readonly opened: Promise<Stoppable>[] = [];
  private closing = false;
  private fail: (error: Error) => void = () => undefined;
  private readonly failed = new Promise<never>((_, reject) => (this.fail = reject));

  /** Runs `work`, then stays until a signal; either way leaves no process. Throws what `work` throws, or why a process died. */
  static live(work: (house: House) => Promise<void>): Promise<void> {
    return House.run(work, true);
  }

  /** Runs `work` and leaves when it is done, or when a signal comes. */
  static visit(work: (house: House) => Promise<void>): Promise<void> {
    return House.run(work, false);
  }

  private static async run(work: (house: House) => Promise<void>, stays: boolean): Promise<void> {
    const house = new House();
    const signalled = new Promise<'stop'>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('stop'));
    });
    try {
      const worked = work(house).catch((error: Error) => {
        if (!house.closing) throw error;
      });
      const ended = await Promise.race([worked, signalled, house.failed]);
      if (ended !== 'stop' && stays) await Promise.race([signalled, house.failed]);
    } finally {
      await house.close();
    }
  }

  /** Takes over what is being started; it is stopped even when a signal comes before it has started. */
  own<T extends Stoppable>(starting: Promise<T>): Promise<T> {
    this.opened.push(starting);
    return starting;
  }

  /** Starts a process that must live as long as the house, unless `mayEnd` says that its end is fine. */
  launch(name: string, how: Launch, mayEnd: () => boolean = () => false): Running {
    if (this.closing) throw new Unavailable('stopping');
    const running = launch(how);
    this.opened.push(Promise.resolve(running));
    this.watch(name, running, mayEnd);
    return running;
  }

  /** The end of `running` before we stop it is a failure of all. */
  watch(name: string, running: Running, mayEnd: () => boolean = () => false): void {
    void running.exited.then((how) => {
      if (this.closing || (how === 'exit code 0' && mayEnd())) return;
      this.fail(new Unavailable(`${name} ended on its own (${how}). The end of ${running.log}:\n${tail(running.log)}`));
    });
  }

  private async close(): Promise<void> {
    this.closing = true;
    this.failed.catch(() => undefined);
    for (const starting of this.opened.reverse()) {
      const started = await starting.catch(() => undefined);
      await started?.stop();
    }
  }
}
