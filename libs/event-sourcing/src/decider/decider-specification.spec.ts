import { box, type BoxEvent } from './box.fixture.js';
import { given, givenBy, givenNow } from './decider-specification.js';

const put = (thing: string): BoxEvent => ({ type: 'ThingPut', data: { thing, at: givenNow, by: givenBy } });
const closed = (things: number): BoxEvent => ({ type: 'BoxClosed', data: { things } });

describe('the decider specification `given().when().then()`', () => {
  it('the expected facts are accepted, at a fixed time and by a fixed actor', () => {
    given(box, put('cup')).when({ type: 'Put', thing: 'fork' }).then(put('fork'));
    given(box, put('cup')).when({ type: 'Close' }).then(closed(1));
  });

  it('`thenNothing` accepts a command without effect', () => given(box, put('cup')).when({ type: 'Put', thing: 'cup' }).thenNothing());

  it('`thenRefused` accepts a refusal by its code', () => given(box, closed(0)).when({ type: 'Close' }).thenRefused('box-closed'));

  it('everything else fails', () => {
    const close = given(box).when({ type: 'Close' });
    expect(() => close.then()).toThrow();
    expect(() => close.thenNothing()).toThrow();
    expect(() => close.then(closed(1))).toThrow();
    expect(() => close.thenRefused('box-closed')).toThrow('expected a refusal');
    expect(() => given(box, closed(0)).when({ type: 'Close' }).thenRefused('other')).toThrow();
  });
});
