import { box, type BoxEvent } from './box.fixture.js';
import { given, givenBy, givenNow } from './decider-specification.js';

const put = (thing: string): BoxEvent => ({ type: 'ThingPut', data: { thing, at: givenNow, by: givenBy } });
const closed = (things: number): BoxEvent => ({ type: 'BoxClosed', data: { things } });

describe('given, when, then', () => {
  it('accepts the facts that follow, at a fixed time by a fixed somebody', () => {
    given(box, put('cup')).when({ type: 'Put', thing: 'fork' }).then(put('fork'));
    given(box, put('cup')).when({ type: 'Close' }).then(closed(1));
  });

  it('accepts nothing where it is already so', () => given(box, put('cup')).when({ type: 'Put', thing: 'cup' }).thenNothing());

  it('accepts the refusal by its code', () => given(box, closed(0)).when({ type: 'Close' }).thenRefused('box-closed'));

  it('objects to everything else', () => {
    const close = given(box).when({ type: 'Close' });
    expect(() => close.then()).toThrow();
    expect(() => close.thenNothing()).toThrow();
    expect(() => close.then(closed(1))).toThrow();
    expect(() => close.thenRefused('box-closed')).toThrow('expected a refusal');
    expect(() => given(box, closed(0)).when({ type: 'Close' }).thenRefused('other')).toThrow();
  });
});
