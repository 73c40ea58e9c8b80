import { FeedClock } from './feed-clock.js';
import { ResponseTiming } from './response-timing.js';
import { hour, ShopClock } from './shop-clock.js';
import { ShopTimeSource } from './shop-time-source.js';

const stepsEnd = Date.parse('2010-12-01T10:00:00Z');
let heard = new Date(stepsEnd).toISOString();

describe('the response time of partners during a replay', () => {
  let clock: FeedClock;
  let pace: ResponseTiming;
  const acted: [string, number][] = [];
  const act = (who: string, hours: number, subject?: string) =>
    pace.wait(hours, { since: heard, subject, orderNumber: who }).then(() => void acted.push([who, (clock.now() - stepsEnd) / hour]));
  /** Somebody spoke who had waited until then. */
  const spoken = async (subject: string, at: number) => {
    const waited = pace.wait(at, { since: new Date(stepsEnd).toISOString(), subject, orderNumber: subject });
    await goTo(at);
    await waited;
    pace.recordMessage(subject);
  };
  const goTo = (hours: number) => clock.advance(stepsEnd + hours * hour, () => Promise.resolve());

  beforeEach(() => {
    acted.length = 0;
    heard = new Date(stepsEnd).toISOString();
    clock = new FeedClock(stepsEnd - hour);
    const time = new ShopTimeSource(new ShopClock(1));
    time.useFeedClock(clock);
    pace = new ResponseTiming(time);
  });

  it('it counts from the time of the message, not of its arrival', async () => {
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

  it('it counts from the messages sent in the step that caused it', async () => {
    await spoken('S-1', -0.6);
    await goTo(-0.5);
    const answer = act('S-1', 0.4, 'S-1');
    await goTo(0);
    await answer;
    expect(acted).toEqual([['S-1', -0.2]]);
  });

  it('messages sent long ago do not count', async () => {
    await spoken('S-1', -1);
    clock.set(stepsEnd + 5 * hour);
    heard = new Date(stepsEnd + 6 * hour).toISOString();
    const answer = act('S-1', 0.4, 'S-1');
    await goTo(7);
    await answer;
    expect(acted).toEqual([['S-1', 6.4]]);
  });

  it('a message sent without waiting leaves no trace', async () => {
    pace.recordMessage('S-1');
    await goTo(-0.3);
    const answer = act('S-1', 0.4, 'S-1');
    await goTo(1);
    await answer;
    expect(acted).toEqual([['S-1', 0.4]]);
  });

  it('a late response counts as timely for those that follow', async () => {
    await spoken('S-1', -0.9);
    await goTo(-0.1);
    await act('S-1', 0.2, 'S-1');
    pace.recordMessage('S-1');
    const next = act('S-1', 0.9, 'S-1');
    await goTo(1);
    await next;
    expect(acted.map(([, at]) => Math.round(at * 10) / 10)).toEqual([-0.1, 0.2]);
  });
});
