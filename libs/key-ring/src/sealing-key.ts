import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { sealedAs } from '@orderloom/contracts';

const nonceLength = 12;
const tagLength = 16;

const derived = (secret: Buffer, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `orderloom ${purpose}`, 32));

/**
 * Seals texts with one person's key: AES-256-GCM whose nonce is an HMAC of field and text, so that the same text in the same
 * field always gives the same bytes (replays and fingerprints need that) and no nonce ever serves two texts.
 */
export class SealingKey {
  private readonly cipher: Buffer;
  private readonly nonces: Buffer;

  /** `id` is 16 characters of base64url, `secret` 32 random bytes. */
  constructor(
    readonly id: string,
    secret: Buffer,
  ) {
    this.cipher = derived(secret, 'sealing');
    this.nonces = derived(secret, 'nonces');
  }

  seal(text: string, field: string): string {
    const plain = Buffer.from(text);
    const nonce = this.nonceOf(plain, field);
    const cipher = createCipheriv('aes-256-gcm', this.cipher, nonce).setAAD(Buffer.from(this.id));
    const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return sealedAs(this.id, sealed.toString('base64url'));
  }

  /** The text of what stands behind the key id; undefined for bytes that this key never sealed. */
  unseal(bytes: string): string | undefined {
    const sealed = Buffer.from(bytes, 'base64url');
    if (sealed.length < nonceLength + tagLength) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.cipher, sealed.subarray(0, nonceLength)).setAAD(Buffer.from(this.id));
    decipher.setAuthTag(sealed.subarray(-tagLength));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(nonceLength, -tagLength)), decipher.final()]).toString();
    } catch {
      return undefined;
    }
  }

  private nonceOf(plain: Buffer, field: string): Buffer {
    return createHmac('sha256', this.nonces).update(`${field}\0`).update(plain).digest().subarray(0, nonceLength);
  }
}

/** A key that was destroyed: what it seals says nothing of the text, and nobody can ever unseal it. */
export class DestroyedKey {
  constructor(readonly id: string) {}

  seal(): string {
    return sealedAs(this.id, Buffer.alloc(nonceLength + tagLength).toString('base64url'));
  }
}

/** What one secret of the installation gives: it wraps the keys of persons, and makes the blind index. */
export class MasterKey {
  private readonly wrapping: Buffer;
  private readonly index: Buffer;

  /** `secret`: 32 bytes. Throws a `RangeError` otherwise. */
  constructor(secret: Buffer) {
    if (secret.length !== 32) throw new RangeError(`a master key has 32 bytes, not ${secret.length}`);
    this.wrapping = derived(secret, 'key wrapping');
    this.index = derived(secret, 'blind index');
  }

  /** The same for the same value, and of no use to whoever has not the master key. */
  blind(kind: string, value: string): string {
    return createHmac('sha256', this.index).update(`${kind}\0${value}`).digest('base64url');
  }

  wrap(id: string, secret: Buffer, nonce: Buffer): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.wrapping, nonce).setAAD(Buffer.from(id));
    return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  /** Throws where another master key wrapped it. */
  unwrap(id: string, wrapped: Buffer): SealingKey {
    const decipher = createDecipheriv('aes-256-gcm', this.wrapping, wrapped.subarray(0, nonceLength)).setAAD(Buffer.from(id));
    decipher.setAuthTag(wrapped.subarray(-tagLength));
    return new SealingKey(id, Buffer.concat([decipher.update(wrapped.subarray(nonceLength, -tagLength)), decipher.final()]));
  }
}

/** The master key as configuration gives it: 32 bytes in base64 or base64url. Undefined for anything else. */
export function readMasterKey(text: string): MasterKey | undefined {
  const secret = Buffer.from(text.trim(), 'base64');
  const canonical = secret.toString('base64url');
  const given = text.trim().replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const same = canonical.length === given.length && timingSafeEqual(Buffer.from(canonical), Buffer.from(given));
  return same && secret.length === 32 ? new MasterKey(secret) : undefined;
}
