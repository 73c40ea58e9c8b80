import { topicOf } from '@orderloom/messaging';
import type { TestStack, ServiceName } from '../../support/stack/test-stack.js';
import { eventually } from './eventually.js';

interface Work {
  readonly idle: boolean;
  readonly done: number;
  readonly hears: readonly string[];
  readonly handled: Readonly<Record<string, number>>;
  readonly produced: Readonly<Record<string, number>>;
}

/** Waits until the services have consumed all their messages and are idle. */
export async function whenIdle(stack: TestStack, services: readonly ServiceName[]): Promise<void> {
  let before = '';
  await eventually('all services are idle', async () => {
    const works = await Promise.all(services.map(async (name) => (await stack.at(name, 'operator:kim').get<Work>('/health/work')).body));
    const ends = works.flatMap(({ produced }) => Object.entries(produced));
    const isDone = ({ idle, hears, handled }: Work): boolean =>
      idle && ends.every(([place, end]) => !hears.includes(topicOf(place)) || (handled[place] ?? 0) >= end);
    const now = works.every(isDone) ? works.map(({ done }) => done).join(' ') : '';
    const still = now !== '' && now === before;
    before = now;
    return still;
  });
}
