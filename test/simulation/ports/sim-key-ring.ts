import { type Person, SealingKey } from '@orderloom/key-ring';
import { createHash } from 'node:crypto';
import type { SimProcess } from './sim-process.js';

/** The simulated key ring database: one key per person, derived from the name. */
export class KeyVault {
  private readonly bySubject = new Map<string, string>();
  private readonly keys = new Map<string, SealingKey>();

  keyFor(subject: string, person?: Pick<Person, 'id' | 'email'>): SealingKey {
    const owner = person ? (person.id ?? person.email) : (this.bySubject.get(subject) ?? subject);
    if (person) this.bySubject.set(subject, owner);
    const secret = createHash('sha256').update(owner).digest();
    const id = secret.toString('base64url').slice(0, 16);
    const key = this.keys.get(id) ?? new SealingKey(id, secret);
    this.keys.set(id, key);
    return key;
  }

  find(ids: Iterable<string>): ReadonlyMap<string, SealingKey> {
    return new Map([...ids].flatMap((id) => (this.keys.has(id) ? [[id, this.keys.get(id) as SealingKey]] : [])));
  }
}

/** The key ring as used by one process. */
export class SimKeyRing {
  constructor(
    private readonly process: SimProcess,
    private readonly vault: KeyVault,
  ) {}

  keyFor(subject: string, person?: Person): Promise<SealingKey> {
    return this.process.call('key ring', `key for ${subject}`, async () => this.vault.keyFor(subject, person));
  }

  keyForUnreadable(subject: string, person?: Pick<Person, 'id' | 'email'>): Promise<SealingKey> {
    return this.process.call('key ring', `key for ${subject}`, async () => this.vault.keyFor(subject, person));
  }

  keys(ids: Iterable<string>): Promise<ReadonlyMap<string, SealingKey>> {
    return this.process.call('key ring', 'keys', async () => this.vault.find(ids));
  }

  async index(): Promise<void> {}

  async find(): Promise<string[]> {
    return [];
  }
}
