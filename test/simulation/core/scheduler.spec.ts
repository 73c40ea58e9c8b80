import { machineOf, run } from '../simulation.fixture.js';
import { NoRest } from './scheduler.js';

const hour = 3_600_000_000;

describe('the scheduler', () => {
  it('entries run in order of time, then of insertion', async () => {
    const machine = machineOf();
    const done: string[] = [];
    const at = (millis: number, name: string): void => void machine.scheduler.after(millis, name, () => done.push(name));
    at(3, 'c');
    at(1, 'a');
    at(3, 'd');
    at(2, 'b');
    await run(machine);
    expect(done).toEqual(['a', 'b', 'c', 'd']);
    expect(machine.scheduler.millis).toBe(3);
  });

  it('the promises that follow from a step run before the next step', async () => {
    const machine = machineOf();
    const done: string[] = [];
    machine.scheduler.after(1, 'first', () => {
      let following = Promise.resolve();
      for (let i = 0; i < 50; i += 1) following = following.then(() => undefined);
      void following.then(() => done.push('what follows'));
    });
    machine.scheduler.after(1.001, 'second', () => done.push('second'));
    await run(machine);
    expect(done).toEqual(['what follows', 'second']);
  });

  it('time advances to the next timer only when nothing else is pending', async () => {
    const machine = machineOf();
    const { scheduler } = machine;
    const begin = scheduler.world;
    const seen: number[] = [];
    const look = (): void => void scheduler.after(1000, 'looks again', look, true);
    look();
    scheduler.after(5000, 'work', () => seen.push(scheduler.millis));
    scheduler.appoint(2, 'appointment', () => seen.push((scheduler.world - begin) / hour));
    await run(machine);
    expect(seen[0]).toBe(5000);
    expect(seen[1]).toBe(2);
    expect(scheduler.millis).toBeLessThan(7000);
  });

  it('time does not advance while work outside is pending', async () => {
    const machine = machineOf();
    const { scheduler } = machine;
    const begin = scheduler.world;
    let looks = 0;
    const look = (): void => void scheduler.after(1000, 'looks again', () => (looks += 1) && look(), true);
    look();
    let at = 0;
    scheduler.appoint(2, 'appointment', () => (at = scheduler.world - begin));
    await scheduler.run({ stepped: () => undefined, isQuiet: async () => looks >= 3, nextDue: async () => undefined });
    expect(at).toBe(2 * hour);
    expect(looks).toBe(3);
  });

  it('time advances to an external due time if that is sooner', async () => {
    const machine = machineOf();
    const { scheduler } = machine;
    const due = scheduler.world + hour;
    let looked = 0;
    scheduler.after(1000, 'looks again', () => (looked = scheduler.world), true);
    scheduler.appoint(2, 'appointment', () => undefined);
    await scheduler.run({ stepped: () => undefined, isQuiet: async () => true, nextDue: async () => (looked > 0 ? undefined : due) });
    expect(looked).toBeGreaterThanOrEqual(due);
    expect(looked).toBeLessThan(due + 2_000_000);
  });

  it('a cancelled entry does not run and is not waited for', async () => {
    const machine = machineOf();
    const entry = machine.scheduler.after(1000, 'called off', () => {
      throw new Error('it was called off');
    });
    machine.scheduler.callOff(entry);
    machine.scheduler.callOff(entry);
    await run(machine);
    expect(machine.scheduler.millis).toBe(0);
  });

  it('work that never ends is given up', async () => {
    const machine = machineOf();
    const again = (): void => void machine.scheduler.after(1, 'again', again);
    again();
    await expect(run(machine)).rejects.toBeInstanceOf(NoRest);
  });
});
