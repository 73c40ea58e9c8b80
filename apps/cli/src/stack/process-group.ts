import { launch, type Launch, type Running, tail, Unavailable } from '@orderloom/dev-services';

interface Stoppable {
  stop(): Promise<void>;
}

/** Supervises the processes of one command. It stops all of them, the last one first, on a signal or when one of them ends. */
export class ProcessGroup {
  private readonly opened: Promise<Stoppable>[] = [];
  private closing = false;
  private fail: (error: Error) => void = () => undefined;
  private readonly failed = new Promise<never>((_, reject) => (this.fail = reject));

  /**
   * Runs `work`, then waits for a signal; all processes are stopped at the end. Throws the error of `work`, or the reason why a process
   * ended.
   */
  static runUntilSignal(work: (group: ProcessGroup) => Promise<void>): Promise<void> {
    return ProcessGroup.run(work, true);
  }

  /** Runs `work` and returns when it is done or a signal arrives; all processes are stopped at the end. */
  static runToCompletion(work: (group: ProcessGroup) => Promise<void>): Promise<void> {
    return ProcessGroup.run(work, false);
  }

  private static async run(work: (group: ProcessGroup) => Promise<void>, stays: boolean): Promise<void> {
    const group = new ProcessGroup();
    const signalled = new Promise<'stop'>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve('stop'));
    });
    try {
      const worked = work(group).catch((error: Error) => {
        if (!group.closing) throw error;
      });
      const ended = await Promise.race([worked, signalled, group.failed]);
      if (ended !== 'stop' && stays) await Promise.race([signalled, group.failed]);
    } finally {
      await group.close();
    }
  }

  /** Registers something that is being started. It is stopped even if a signal arrives before it has started. */
  track<T extends Stoppable>(starting: Promise<T>): Promise<T> {
    this.opened.push(starting);
    return starting;
  }

  /** Starts a process. Its end is a failure, unless the exit code is 0 and `mayEnd` returns true. */
  launch(name: string, how: Launch, mayEnd: () => boolean = () => false): Running {
    if (this.closing) throw new Unavailable(`cannot start ${name}: the command is stopping`);
    const running = launch(how);
    this.opened.push(Promise.resolve(running));
    this.watch(name, running, mayEnd);
    return running;
  }

  /** Treats the end of `running` as a failure unless it is being stopped. */
  watch(name: string, running: Running, mayEnd: () => boolean = () => false): void {
    void running.exited.then((how) => {
      if (this.closing || (how === 'exit code 0' && mayEnd())) return;
      this.fail(new Unavailable(`${name} ended unexpectedly (${how}). Last lines of ${running.log}:\n${tail(running.log)}`));
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
