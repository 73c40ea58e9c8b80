import { StoreUnavailable } from '@orderloom/event-sourcing';
import type { Timers } from '@orderloom/kernel';
import type { Profile } from '../core/profile.js';
import type { Random } from '../core/random.js';
import type { Entry, Scheduler } from '../core/scheduler.js';

export type Port = 'store' | 'log' | 'key ring';

export interface Machine {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly profile: Profile;
}

/**
 * A simulated process: it can pause, be disconnected from a port, and die between any two awaits. A pending call then never returns, but
 * may still be executed.
 */
export class SimProcess {
  isAlive = true;
  readonly timers: Timers;
  private readonly endings: (() => void)[] = [];
  private stillness = 0;
  private isStill = false;
  /** Actions that run when the pause ends. */
  private readonly waiting: (() => void)[] = [];
  private readonly cutOffUntil: Record<Port, number> = { store: 0, log: 0, 'key ring': 0 };

  constructor(
    readonly name: string,
    readonly machine: Machine,
  ) {
    const { scheduler, random } = machine;
    this.timers = {
      now: () => scheduler.millis,
      random: () => random.next(),
      delay: (millis, signal) => this.delay(millis, signal),
      every: (millis, call) => this.every(millis, call),
    };
  }

  /** Runs `act` in `millis`: not during a pause, and never after the process has died. */
  later(millis: number, what: string, act: () => void, isTimer = false): Entry {
    const { scheduler, random } = this.machine;
    const run = (): void => {
      if (!this.isAlive) return;
      if (this.isStill) this.waiting.push(() => void this.later(random.between(0, 5), what, act, isTimer));
      else act();
    };
    return scheduler.after(millis, `${this.name} ${what}`, run, isTimer);
  }

  /** Calls another machine. Request and response may be delayed or lost, and `act` may be executed after this process has died. */
  call<T>(port: Port, what: string, act: () => Promise<T>): Promise<T> {
    const { scheduler, random, profile } = this.machine;
    return new Promise<T>((resolve, reject) => {
      const fail = (): void => reject(port === 'log' ? new Error('the log does not answer') : new StoreUnavailable(new Error('no answer')));
      const giveUp = (): void => void this.later(random.skewed(5, 2000), `hears nothing from the ${port}: ${what}`, fail);
      const lateness = profile.latency(random);
      scheduler.after(lateness, `${this.name} ${what}`, () => {
        if (!this.isAlive && random.chance(0.5)) return;
        if (this.isCutOff(port) || random.chance(profile.lostQuestions)) return giveUp();
        const isAnswerLost = random.chance(profile.lostAnswers);
        act().then(
          (result) => (isAnswerLost ? giveUp() : this.later(profile.latency(random), `has ${what}`, () => resolve(result))),
          (error: Error) => this.later(profile.latency(random), `is refused ${what}`, () => reject(error)),
        );
      });
    });
  }

  standStill(millis: number): void {
    this.isStill = true;
    const stillness = (this.stillness += 1);
    this.machine.scheduler.after(millis, `${this.name} may go on`, () => stillness === this.stillness && this.goOn());
  }

  goOn(): void {
    this.isStill = false;
    for (const act of this.waiting.splice(0)) act();
  }

  cutOff(port: Port, millis: number): void {
    this.cutOffUntil[port] = this.machine.scheduler.millis + millis;
  }

  isCutOff = (port: Port): boolean => this.cutOffUntil[port] > this.machine.scheduler.millis;

  /** True if the process sends no heartbeats. */
  isSilent = (port: Port): boolean => !this.isAlive || this.isCutOff(port) || this.isStill;

  /** Registers a callback for the death of this process. */
  atEnd(ending: () => void): void {
    this.endings.push(ending);
  }

  die(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    for (const ending of this.endings) ending();
  }

  private every(millis: number, call: () => void): () => void {
    let isOver = false;
    const next = (): void =>
      void this.later(
        millis,
        'renews',
        () => {
          if (isOver) return;
          next();
          call();
        },
        true,
      );
    next();
    return () => (isOver = true);
  }

  private delay(millis: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const entry = this.later(millis, 'looks again', () => done(), true);
      const calledOff = (): void => {
        this.machine.scheduler.callOff(entry);
        resolve();
      };
      const done = (): void => {
        signal?.removeEventListener('abort', calledOff);
        resolve();
      };
      signal?.addEventListener('abort', calledOff);
    });
  }
}
