import { createCipheriv, createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { formatSealed } from '@orderloom/contracts';

const nonceLength = 12;
const tagLength = 16;

const deriveKey = (secret: Buffer, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `orderloom ${purpose}`, 32));

/**
 * Seals texts with the key of one person: AES-256-GCM with an HMAC of field and text as the nonce. The same text in the same field gives
 * the same bytes, which replays and fingerprints need, and no nonce is used for two texts.
 */
export class SealingKey {
  private readonly cipher: Buffer;
  private readonly nonces: Buffer;

  /** `id` has 16 characters of base64url, `secret` has 32 random bytes. */
  constructor(
    readonly id: string,
    secret: Buffer,
  ) {
    this.cipher = deriveKey(secret, 'sealing');
    this.nonces = deriveKey(secret, 'nonces');
  }

  seal(text: string, field: string): string {
    const plain = Buffer.from(text);
    const nonce = this.nonceOf(plain, field);
    const cipher = createCipheriv('aes-256-gcm', this.cipher, nonce).setAAD(Buffer.from(this.id));
    const sealed = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return formatSealed(this.id, sealed.toString('base64url'));
  }

  /** Decrypts the part after the key id; undefined for bytes that this key did not seal. */
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

/** A destroyed key: its seal contains nothing of the text and can never be unsealed. */
export class DestroyedKey {
  constructor(readonly id: string) {}

  seal(): string {
    return formatSealed(this.id, Buffer.alloc(nonceLength + tagLength).toString('base64url'));
  }
}

/** Master key of the installation: it wraps the keys of persons and derives the blind index. */
export class MasterKey {
  private readonly wrapping: Buffer;
  private readonly index: Buffer;

  /** Throws `RangeError` unless `secret` has 32 bytes. */
  constructor(secret: Buffer) {
    if (secret.length !== 32) throw new RangeError(`invalid master key: expected 32 bytes, received ${secret.length}`);
    this.wrapping = deriveKey(secret, 'key wrapping');
    this.index = deriveKey(secret, 'blind index');
  }

  /** Keyed hash of a value, deterministic and meaningless without the master key. */
  blind(kind: string, value: string): string {
    return createHmac('sha256', this.index).update(`${kind}\0${value}`).digest('base64url');
  }

  wrap(id: string, secret: Buffer, nonce: Buffer): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.wrapping, nonce).setAAD(Buffer.from(id));
    return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  }

  /** Decrypts a key. Throws if another master key wrapped it. */
  unwrap(id: string, wrapped: Buffer): SealingKey {
    const decipher = createDecipheriv('aes-256-gcm', this.wrapping, wrapped.subarray(0, nonceLength)).setAAD(Buffer.from(id));
    decipher.setAuthTag(wrapped.subarray(-tagLength));
    return new SealingKey(id, Buffer.concat([decipher.update(wrapped.subarray(nonceLength, -tagLength)), decipher.final()]));
  }
}

/** Parses a master key from configuration: 32 bytes in base64 or base64url. Returns undefined for anything else. */
export function readMasterKey(text: string): MasterKey | undefined {
  const secret = Buffer.from(text.trim(), 'base64');
  const canonical = secret.toString('base64url');
  const normalised = text.trim().replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  const isCanonical = canonical.length === normalised.length && timingSafeEqual(Buffer.from(canonical), Buffer.from(normalised));
  return isCanonical && secret.length === 32 ? new MasterKey(secret) : undefined;
}
