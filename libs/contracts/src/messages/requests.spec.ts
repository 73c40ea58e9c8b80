import { afterSalesQuestions } from '../questions/after-sales-questions.js';
import {
  customerAnswered,
  problemReported,
  returnRequested,
  storefrontAddressChangeRequested,
  storefrontCancellationRequested,
} from '../services/storefront.js';

describe('requests of customers as people and shops write them (ORD-10, ORD-30, AFT-01)', () => {
  const { example: address } = storefrontAddressChangeRequested;
  const moved = (change: object) =>
    storefrontAddressChangeRequested.data.safeParse({ ...address, address: { ...address.address, ...change } });

  it.each([undefined, null, ''])('reason, cause, storefront and lines may be %p', (none) => {
    const { reason: _reason, ...cancellation } = storefrontCancellationRequested.example;
    expect(storefrontCancellationRequested.data.parse({ ...cancellation, reason: none, storefront: none })).toMatchObject({
      reason: '',
      storefront: 'main',
    });
    expect(returnRequested.data.parse({ ...returnRequested.example, reason: none, cause: none })).toMatchObject({ reason: '' });
    const problem = problemReported.data.parse({
      ...problemReported.example,
      kind: 'other',
      text: none,
      cause: none,
      lines: none === '' ? [] : none,
    });
    expect(problem).toMatchObject({ text: '', lines: [] });
    expect(customerAnswered.data.parse({ ...customerAnswered.example, storefront: none }).storefront).toBeUndefined();
    const { Dissatisfied, ReturnSent } = { ...afterSalesQuestions.satisfied.answers, ...afterSalesQuestions['send-back'].answers };
    expect(Dissatisfied.parse({ text: none })).toEqual({ text: '' });
    expect(ReturnSent.safeParse({ carrier: 'DPD', trackingNumber: 'D1', freight: none === '' ? undefined : none }).success).toBe(true);
  });

  it('null lines mean the whole order', () => {
    const all = storefrontCancellationRequested.data.parse({ ...storefrontCancellationRequested.example, lines: null });
    expect(all.lines).toBeUndefined();
  });

  it('a reason may be as long as a free text', () => {
    expect(returnRequested.data.safeParse({ ...returnRequested.example, reason: 'x'.repeat(2000) }).success).toBe(true);
  });

  it.each<[object, string[]]>([
    [{}, []],
    [{ postcode: null, phone: '' }, []],
    [{ phone: '+1 412-555-0100 ext. 12345' }, ['odd-phone']],
    [{ recipient: '-' }, ['odd-name']],
    [{ street: '' }, ['incomplete-address']],
    [{ country: 'UK' }, ['country-uk-read-as-gb']],
    [{ address2: 'Flat 3' }, ['address-not-understood']],
  ])('an address change keeps and notices unusual data: %j', (change, noticed) => {
    const { data } = moved(change);
    expect(data?.noticed ?? []).toEqual(noticed);
    expect(data?.address.country).toBe('GB');
  });

  it.each(['EU', 'UN', 'XA', 'England'])('an address change to the invalid country %s is refused', (country) => {
    expect(moved({ country }).error?.issues.map(({ path }) => path.join('.'))).toEqual(['address.country']);
  });
});
