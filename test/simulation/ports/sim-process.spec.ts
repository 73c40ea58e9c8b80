import { StoreUnavailable } from '@orderloom/event-sourcing';
import { machineOf, run } from '../simulation.fixture.js';
import { SimProcess } from './sim-process.js';

const asked = (process: SimProcess, act: () => Promise<string> = async () => 'done') => {
  const settled: unknown[] = [];
  process.call('store', 'question', act).then(
    (answer) => settled.push(answer),
    (error: unknown) => settled.push(error),
  );
  return settled;
};

describe('a simulated process', () => {
  it('a request gets its response after the delay in both directions', async () => {
    const machine = machineOf();
    const settled = asked(new SimProcess('p', machine));
    await run(machine);
    expect(settled).toEqual(['done']);
    expect(machine.scheduler.millis).toBe(2);
  });

  it('after its death it gets no response, though the request may have been executed', async () => {
    let acts = 0;
    for (let seed = 0; seed < 20; seed += 1) {
      const machine = machineOf({}, `dead ${seed}`);
      const process = new SimProcess('p', machine);
      const settled = asked(process, async () => `${(acts += 1)}`);
      process.later(0.5, 'never', () => settled.push('it lives'));
      process.die();
      await run(machine);
      expect(settled).toEqual([]);
    }
    expect(acts).toBeGreaterThan(0);
    expect(acts).toBeLessThan(20);
  });

  it('with lost responses, a request is executed and its outcome may be unknown', async () => {
    const machine = machineOf({ lostAnswers: 1 });
    let acts = 0;
    const settled = asked(new SimProcess('p', machine), async () => `${(acts += 1)}`);
    await run(machine);
    expect(acts).toBe(1);
    expect(settled[0]).toBeInstanceOf(StoreUnavailable);
  });

  it('cut off it reaches nothing until the cut ends', async () => {
    const machine = machineOf();
    const process = new SimProcess('p', machine);
    process.cutOff('store', 10);
    const [during, log] = [asked(process), [] as string[]];
    void process.call('log', 'question', async () => 'the log').then((answer) => log.push(answer));
    await run(machine);
    expect(during[0]).toBeInstanceOf(StoreUnavailable);
    expect(log).toEqual(['the log']);
    machine.scheduler.after(20, 'later', () => undefined);
    await run(machine);
    const after = asked(process);
    await run(machine);
    expect(after).toEqual(['done']);
  });

  it('stopped it does nothing, while others continue', async () => {
    const machine = machineOf();
    const process = new SimProcess('p', machine);
    let acted = 0;
    const settled = asked(process, async () => {
      acted = machine.scheduler.millis;
      return 'done';
    });
    process.standStill(1000);
    await run(machine);
    expect(acted).toBe(1);
    expect(settled).toEqual(['done']);
    expect(machine.scheduler.millis).toBeGreaterThanOrEqual(1000);
  });

  it('its timers can be cancelled, stopped, and end with it', async () => {
    const machine = machineOf();
    const process = new SimProcess('p', machine);
    const calledOff = new AbortController();
    const seen: string[] = [];
    void process.timers.delay(60_000, calledOff.signal).then(() => seen.push('called off'));
    let calls = 0;
    const stop = process.timers.every(100, () => {
      calls += 1;
      if (calls === 3) stop();
    });
    process.timers.every(100, () => calls === 3 && process.die());
    void process.timers.delay(10_000).then(() => seen.push('outlived it'));
    machine.scheduler.after(50, 'calls off', () => calledOff.abort());
    machine.scheduler.after(20_000, 'the end', () => undefined);
    await run(machine);
    expect(seen).toEqual(['called off']);
    expect(calls).toBe(3);
  });
});
