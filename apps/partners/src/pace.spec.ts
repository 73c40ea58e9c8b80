import { FeedClock } from './feed-clock.js';
import { Pace } from './pace.js';
import { hour, ShopClock } from './shop-clock.js';
import { WorldTime } from './world-time.js';

const stepsEnd = Date.parse('2010-12-01T10:00:00Z');
const heard = new Date(stepsEnd).toISOString();

describe('Pace: when partners act while books are played', () => {
  let clock: FeedClock;
  let pace: Pace;
  const acted: [string, number][] = [];
  const act = (who: string, hours: number, subject?: string) =>
    pace.pass(hours, { heard, subject, whose: who }).then(() => void acted.push([who, (clock.now() - stepsEnd) / hour]));
  const goTo = (hours: number) => clock.advance(stepsEnd + hours * hour, () => Promise.resolve());

  beforeEach(() => {
    acted.length = 0;
    clock = new FeedClock(stepsEnd - hour);
    const time = new WorldTime(new ShopClock(1));
    time.playing(clock);
    pace = new Pace(time);
  });

  it('is counted from what they heard, not from when they came to hear of it', async () => {
    const early = act('early', 0.5);
    await goTo(-0.2);
    const late = act('late', 0.5);
    await goTo(2);
    await Promise.all([early, late]);
    expect(acted).toEqual([
      ['early', 0.5],
      ['late', 0.5],
    ]);
  });

  it('is counted from what was spoken in the step from which the message follows', async () => {
    await goTo(-0.6);
    pace.speak('S-1');
    await goTo(-0.5);
    const answer = act('S-1', 0.4, 'S-1');
    await goTo(0);
    await answer;
    expect(acted).toEqual([['S-1', -0.2]]);
  });

  it('what was spoken long ago counts no more', async () => {
    clock.set(stepsEnd - 30 * hour);
    pace.speak('S-1');
    clock.set(stepsEnd - hour);
    const answer = act('S-1', 0.4, 'S-1');
    await goTo(1);
    await answer;
    expect(acted).toEqual([['S-1', 0.4]]);
  });

  it('whoever acts too late has acted in time for those who follow', async () => {
    await goTo(-0.9);
    pace.speak('S-1');
    await goTo(-0.1);
    await act('S-1', 0.2, 'S-1');
    pace.speak('S-1');
    const next = act('S-1', 0.9, 'S-1');
    await goTo(1);
    await next;
    expect(acted.map(([, at]) => Math.round(at * 10) / 10)).toEqual([-0.1, 0.2]);
  });
});
