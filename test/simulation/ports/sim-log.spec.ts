import type { IncomingRecord, LogSubscription } from '@orderloom/messaging';
import { Broker } from './broker.js';
import { machineOf, run } from '../simulation.fixture.js';
import { SimLog } from './sim-log.js';
import { type Machine, SimProcess } from './sim-process.js';

const topic = 't';
const records = (...values: string[]) => values.map((value) => ({ topic, key: 'k', headers: {}, value: Buffer.from(value) }));
const texts = (some: readonly IncomingRecord[]): string[] => some.map(({ value }) => String(value));

describe('a member of a consumer group', () => {
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

  it('it gets records in order and commits handled ones', async () => {
    const { got, handle } = collector();
    await member('p', handle);
    await broker.publish(records('1', '2', '3'));
    await run(machine);
    expect(got).toEqual(['1', '2', '3']);
    expect(await broker.isCaughtUp('g', [topic])).toBe(true);
  });

  it('after its death its records go to another member', async () => {
    const dying = await member('dying', () => new Promise(() => undefined));
    await broker.publish(records('1'));
    await run(machine);
    dying.process.die();
    const { got, handle } = collector();
    await member('other', handle);
    await run(machine);
    expect(got).toEqual(['1']);
  });

  it('after its death while leaving, its records go to another member', async () => {
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

  it('stopped too long it loses its records, and its later commits do not count', async () => {
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

  it('cut off for long it joins again automatically', async () => {
    const { got, handle } = collector();
    const { process } = await member('p', handle);
    process.cutOff('log', 8000);
    machine.scheduler.after(7000, 'meanwhile', () => void broker.publish(records('1')));
    machine.scheduler.after(20_000, 'the end', () => undefined);
    await run(machine);
    expect(got).toEqual(['1']);
  });

  it('it may get handled records again', async () => {
    const { got, handle } = collector();
    const { log } = await member('p', handle);
    await broker.publish(records('1', '2', '3'));
    await run(machine);
    log.redeliver(topic, 0, 2);
    await run(machine);
    expect(got).toEqual(['1', '2', '3', '2', '3']);
  });

  it('it leaves after it has handled its records', async () => {
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

describe('the simulated broker', () => {
  it('it may append to only some partitions of a publish, and reports an error', async () => {
    const machine = machineOf({ halfPublished: 1 });
    const broker = new Broker(machine);
    await broker.create([{ topic, partitions: 8, config: {} }]);
    const sent = Array.from({ length: 8 }, (_, i) => ({ topic, key: `k${i}`, headers: {}, value: Buffer.from(`${i}`) }));
    await expect(broker.publish(sent)).rejects.toThrow('some partitions');
    expect(broker.records(topic).length).toBeGreaterThan(0);
    expect(broker.records(topic).length).toBeLessThan(8);
  });
});
