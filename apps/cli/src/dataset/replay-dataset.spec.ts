import { parsePartnerOutput } from './replay-dataset.js';

describe('an output line of the partners', () => {
  it('the line is parsed as progress, clock step or end, and other output is ignored', () => {
    const progress = { fed: 12, of: 757, clock: '2010-12-01T10:00:00Z' };
    expect(parsePartnerOutput(JSON.stringify({ progress }))).toEqual({ progress });
    expect(parsePartnerOutput('{"clock":"2010-12-01T10:00:00Z"}')).toEqual({ clock: '2010-12-01T10:00:00Z' });
    expect(parsePartnerOutput('{"done":true,"sent":9}')).toEqual({ done: true, sent: 9 });
    for (const chatter of ['joined the group', '{"level":"warn"}', 'null', '3', '', '{"progress":'])
      expect(parsePartnerOutput(chatter)).toBeUndefined();
  });
});
