import { storefrontOrderPlaced } from '@orderloom/contracts';
import { createDatabase, dropDatabases, withClient } from '@orderloom/dev-services';
import { KeyRing, MasterKey } from '@orderloom/key-ring';
import type { IncomingRecord } from '@orderloom/messaging';
import { Sealing } from '@orderloom/platform';

/** A key ring for a spec, on a database of its own. */
export class GivenKeyRing {
  readonly sealing: Sealing;

  private constructor(
    private readonly server: string,
    private readonly name: string,
    readonly ring: KeyRing,
    private readonly url: string,
  ) {
    this.sealing = new Sealing(ring);
  }

  static async open(server: string, name: string): Promise<GivenKeyRing> {
    const url = await createDatabase(server, name);
    const ring = KeyRing.open(url, new MasterKey(Buffer.alloc(32, 7)));
    await ring.migrate();
    return new GivenKeyRing(server, name, ring, url);
  }

  /** An `OrderPlaced` of the order service, with sealed customer and address. */
  async sealed(record: IncomingRecord): Promise<IncomingRecord> {
    const order = JSON.parse(record.value?.toString() ?? '') as { orderNumber: string };
    const data = await this.sealing.seal(storefrontOrderPlaced.data, order, order.orderNumber);
    return { ...record, value: Buffer.from(JSON.stringify(data)) };
  }

  /** A blind index that finds nobody. */
  emptyIndex(): Promise<unknown> {
    return withClient(this.url, (client) => client.query('delete from contacts'));
  }

  async close(): Promise<void> {
    await this.ring.close();
    await dropDatabases(this.server, [this.name]);
  }
}
