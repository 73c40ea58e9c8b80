import type { IncomingRecord, LogSubscription } from '@orderloom/messaging';
import { Broker } from './broker.js';
import { machineOf, run } from '../simulation.fixture.js';
import { SimLog } from './sim-log.js';
import { type Machine, SimProcess } from './sim-process.js';

const topic = 't';
const records = (...values: string[]) => values.map((value) => ({ topic, key: 'k', headers: {}, value: Buffer.from(value) }));
const texts = (some: readonly IncomingRecord[]): string[] => some.map(({ value }) => String(value));

describe('a member of a group', () => {
  let machine: Machine;
  let broker: Broker;
  const member = async (name: string, handle: LogSubscription['handle']): Promise<{ process: SimProcess; log: SimLog }> => {
    const process = new SimProcess(name, machine);
    const log = new SimLog(process, broker);
    const joined = log.subscribe({ group: 'g', topics: [topic], handle, onCrash: () => undefined });
    await run(machine);
    await joined;
    return { process, log };
  };
  const collector = () => {
    const got: string[] = [];
    return { got, handle: async (some: readonly IncomingRecord[]) => void got.push(...texts(some)) };
  };

  beforeEach(async () => {
    machine = machineOf();
    broker = new Broker(machine);
    await broker.create([{ topic, partitions: 1, config: {} }]);
  });

  it('takes records in order, and commits what it has dealt with', async () => {
    const { got, handle } = collector();
    await member('p', handle);
    await broker.publish(records('1', '2', '3'));
    await run(machine);
    expect(got).toEqual(['1', '2', '3']);
    expect(await broker.isCaughtUp('g', [topic])).toBe(true);
  });

  it('that dies with records in hand leaves them to another one', async () => {
    const dying = await member('dying', () => new Promise(() => undefined));
    await broker.publish(records('1'));
    await run(machine);
    dying.process.die();
    const { got, handle } = collector();
    await member('other', handle);
    await run(machine);
    expect(got).toEqual(['1']);
  });

  it('that dies while it leaves, with records in hand, leaves them as well', async () => {
    const process = new SimProcess('leaving', machine);
    const handle = (): Promise<void> => new Promise(() => undefined);
    const joined = new SimLog(process, broker).subscribe({ group: 'g', topics: [topic], handle, onCrash: () => undefined });
    await run(machine);
    await broker.publish(records('1'));
    await run(machine);
    void (await joined).stop();
    process.die();
    const other = collector();
    await member('other', other.handle);
    await run(machine);
    expect(other.got).toEqual(['1']);
  });

  it('that stands still too long loses what it has in hand; what it does with it later counts for nothing', async () => {
    const first = collector();
    const still = await member('still', first.handle);
    await broker.publish(records('1'));
    still.process.standStill(9000);
    const second = collector();
    const other = new SimLog(new SimProcess('other', machine), broker);
    void other.subscribe({ group: 'g', topics: [topic], handle: second.handle, onCrash: () => undefined });
    machine.scheduler.after(20_000, 'the end', () => undefined);
    await run(machine);
    expect(second.got).toEqual(['1']);
    expect(first.got).toEqual(['1']);
    expect(await broker.isCaughtUp('g', [topic])).toBe(true);
  });

  it('that was cut off for long joins again by itself', async () => {
    const { got, handle } = collector();
    const { process } = await member('p', handle);
    process.cutOff('log', 8000);
    machine.scheduler.after(7000, 'meanwhile', () => void broker.publish(records('1')));
    machine.scheduler.after(20_000, 'the end', () => undefined);
    await run(machine);
    expect(got).toEqual(['1']);
  });

  it('gets records again that it had dealt with', async () => {
    const { got, handle } = collector();
    const { log } = await member('p', handle);
    await broker.publish(records('1', '2', '3'));
    await run(machine);
    log.redeliver(topic, 0, 2);
    await run(machine);
    expect(got).toEqual(['1', '2', '3', '2', '3']);
  });

  it('has left once it has dealt with what it had in hand', async () => {
    const { got, handle } = collector();
    const running = new SimLog(new SimProcess('p', machine), broker).subscribe({
      group: 'g',
      topics: [topic],
      handle,
      onCrash: () => undefined,
    });
    await run(machine);
    await broker.publish(records('1'));
    const left = (await running).stop();
    await run(machine);
    await left;
    expect(got).toEqual(['1']);
    await broker.publish(records('2'));
    await run(machine);
    expect(got).toEqual(['1']);
  });
});

describe('the broker', () => {
  it('may take what goes to some partitions only, and says so', async () => {
    const machine = machineOf({ halfPublished: 1 });
    const broker = new Broker(machine);
    await broker.create([{ topic, partitions: 8, config: {} }]);
    const sent = Array.from({ length: 8 }, (_, i) => ({ topic, key: `k${i}`, headers: {}, value: Buffer.from(`${i}`) }));
    await expect(broker.publish(sent)).rejects.toThrow('some partitions');
    expect(broker.records(topic).length).toBeGreaterThan(0);
    expect(broker.records(topic).length).toBeLessThan(8);
  });
});
