import type { Decider, Fact, WithContext } from '@orderloom/event-sourcing';
import { refusingFutureTimes } from './happened.js';

type Seen = Fact<'Seen', { under: string }>;
type See = WithContext<{ type: 'See'; at: string }>;

const scans: Decider<null, See, Seen, { readonly version: string }> = {
  name: 'scan',
  initial: null,
  evolve: () => null,
  decide: (_command, _state, settings) => [{ type: 'Seen', data: { under: settings?.version ?? 'defaults' } }],
  rules: { Seen: 'LOG-01' },
};

describe('a decider of past events', () => {
  const guarded = refusingFutureTimes(scans, 'at');
  const see = (at: string): See => ({ type: 'See', at, now: '2026-06-01T09:00:00.000000Z', by: 'courier' });

  it('a time later than now is refused', () => {
    expect(() => guarded.decide(see('2026-06-02T09:00:00.000000Z'), null)).toThrow('at');
  });

  it('the settings are passed on', () => {
    const settings = { version: 'settings-3' };
    expect(guarded.decide(see('2026-06-01T08:00:00.000000Z'), null, settings)).toEqual([{ type: 'Seen', data: { under: 'settings-3' } }]);
  });
});
