import { deriveId, fingerprint, newId } from './ids.js';

const uuid = (version: string) => new RegExp(`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`);

describe('a derived id', () => {
  it('it is the SHA-256 of the parts as a JSON list, in the form of a UUID', () => {
    expect(deriveId('change', '/storefront', 7)).toBe(deriveId('change', '/storefront', 7));
    expect(deriveId('change', '/storefront', 7)).toBe('415ee9ce-3650-82e2-8ad1-4815dd0b0494');
  });

  it('other parts, or parts split otherwise, give another id', () => {
    const ids = [deriveId('a', 'b'), deriveId('ab'), deriveId('b', 'a'), deriveId('a', 1), deriveId('a', '1')];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('it is a UUID of version 8', () => {
    for (let i = 0; i < 100; i += 1) expect(deriveId(i)).toMatch(uuid('8'));
  });
});

describe('a new id', () => {
  it('it is a random UUID', () => {
    expect(newId()).toMatch(uuid('4'));
    expect(newId()).not.toBe(newId());
  });
});

describe('a fingerprint', () => {
  it('it does not depend on the order of fields, at any depth', () => {
    expect(fingerprint({ a: 1, b: [{ c: 2, d: 3 }] })).toBe(fingerprint({ b: [{ d: 3, c: 2 }], a: 1 }));
  });

  it('it depends on values, their types and the order of lists', () => {
    const prints = [{ a: 1 }, { a: 2 }, { a: '1' }, { a: null }, { b: 1 }, [1, 2], [2, 1], null].map(fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('an undefined field counts as absent', () => {
    expect(fingerprint({ a: 1, b: undefined })).toBe(fingerprint({ a: 1 }));
  });
});
