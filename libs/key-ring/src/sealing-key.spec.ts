import { keyIdOf, sealedTexts } from '@orderloom/contracts';
import { MasterKey, readMasterKey, SealingKey } from './sealing-key.js';

const keyOf = (id: string, byte: number) => new SealingKey(id, Buffer.alloc(32, byte));
const ada = keyOf('ada-0000-ada-000', 1);
const bytesOf = (sealed: string): string => sealedTexts(sealed)[0]?.bytes ?? '';

describe('sealing a text with the key of a person', () => {
  it.each(['Ada Lovelace', '张伟 👩‍👩‍👧 Ñandú', 'x', 'sealed.v1.', 'a'.repeat(2000)])('%s is unsealed by the same key', (text) => {
    expect(ada.unseal(bytesOf(ada.seal(text, 'name')))).toBe(text);
  });

  it('the same text in the same field yields the same bytes; another text or field yields others', () => {
    const sealed = ada.seal('Ada Lovelace', 'name');
    expect(ada.seal('Ada Lovelace', 'name')).toBe(sealed);
    expect(ada.seal('Ada Lovelace', 'recipient')).not.toBe(sealed);
    expect(ada.seal('Ada Byron', 'name')).not.toBe(sealed);
    expect(keyOf('ada-0000-ada-000', 2).seal('Ada Lovelace', 'name')).not.toBe(sealed);
  });

  it('the sealed text names its key and contains nothing of the clear text', () => {
    const sealed = ada.seal('Ada Lovelace', 'name');
    expect(keyIdOf(sealed)).toBe(ada.id);
    expect(Buffer.from(bytesOf(sealed), 'base64url').toString('latin1')).not.toContain('Lovelace');
  });

  it('another key cannot unseal the text', () => {
    const bytes = bytesOf(ada.seal('Ada Lovelace', 'name'));
    expect(keyOf('ada-0000-ada-000', 2).unseal(bytes)).toBeUndefined();
    expect(keyOf('eve-0000-eve-000', 1).unseal(bytes)).toBeUndefined();
  });

  it('changed or cut bytes cannot be unsealed', () => {
    const bytes = Buffer.from(bytesOf(ada.seal('Ada Lovelace', 'name')), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(ada.unseal(changed.toString('base64url'))).toBeUndefined();
      expect(ada.unseal(bytes.subarray(0, at).toString('base64url'))).toBeUndefined();
    }
  });
});

describe('a master key', () => {
  const master = new MasterKey(Buffer.alloc(32, 7));
  const wrapped = master.wrap('ada', Buffer.alloc(32, 1), Buffer.alloc(12, 3));

  it('it unwraps a key only under the id under which it was wrapped', () => {
    expect(master.unwrap('ada', wrapped).seal('x', 'f')).toBe(new SealingKey('ada', Buffer.alloc(32, 1)).seal('x', 'f'));
    expect(() => master.unwrap('eve', wrapped)).toThrow();
    expect(() => new MasterKey(Buffer.alloc(32, 8)).unwrap('ada', wrapped)).toThrow();
  });

  it('its blind index needs the key and differs by kind', () => {
    expect(master.blind('email', 'ada')).toBe(new MasterKey(Buffer.alloc(32, 7)).blind('email', 'ada'));
    expect(master.blind('name', 'ada')).not.toBe(master.blind('email', 'ada'));
    expect(new MasterKey(Buffer.alloc(32, 8)).blind('email', 'ada')).not.toBe(master.blind('email', 'ada'));
  });

  it('it is 32 bytes in base64 or base64url', () => {
    const secret = Buffer.alloc(32, 0xfb);
    for (const text of [secret.toString('base64'), secret.toString('base64url'), `${secret.toString('base64')}\n`]) {
      expect(readMasterKey(text)?.blind('a', 'b')).toBe(new MasterKey(secret).blind('a', 'b'));
    }
    for (const text of ['', 'secret', Buffer.alloc(31).toString('base64'), 'not base64, though it is quite long enough']) {
      expect(readMasterKey(text)).toBeUndefined();
    }
  });
});
