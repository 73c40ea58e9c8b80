import { eventsTopicOf, partsOf, referenceOf, storefrontOrders, storefrontProducts } from '@orderloom/contracts';
import type { Outside } from './outside.js';
import { Payer } from './payer.js';

interface Line {
  readonly line: number;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

/** An order with its payments, as the customer placed it. */
export interface Placed {
  readonly orderNumber: string;
  readonly lines: readonly Line[];
  readonly total: number;
}

/** ORD-01: each has an order of every number. */
const shops = ['main', 'shop-fr'];

/** Customers: they order, change their minds, send back, and complain, at any time. */
export class Storefront {
  readonly placed = new Map<string, Placed>();
  /** Goods of a re-ship, which is an order of its own. */
  private readonly again = new Map<string, readonly Line[]>();
  private said = 0;
  readonly payer: Payer;

  constructor(private readonly outside: Outside) {
    outside.hear(eventsTopicOf('order'), ({ type, key, data }) => {
      const { lines, reship } = data as { lines: readonly Line[]; reship?: object };
      if (type === 'OrderPlaced' && reship) this.again.set(key, lines);
    });
    this.payer = new Payer(outside);
    outside.hear(eventsTopicOf('logistics'), ({ type, key }) => {
      if (type === 'ParcelShipped' || type === 'ParcelDelivered') this.afterwards(key);
    });
  }

  open(orders: number): void {
    this.lists();
    for (let n = 0; n < orders; n += 1) {
      const order = referenceOf(shops[n % shops.length] ?? 'main', `W-${1 + Math.floor(n / shops.length)}`);
      this.outside.later(20, `customer places ${order}`, () => {
        this.place(order);
        this.changes(order);
      });
    }
  }

  /** ORD-21: what both shops sell. */
  private lists(): void {
    const { random } = this.outside;
    for (const storefront of shops)
      for (const n of [1, 2, 3, 4]) {
        const product = { storefront, sku: `NEW-${n}`, name: `product ${n}`, category: 'new', price: random.int(1, 9000), currency: 'GBP' };
        const data = { ...product, stock: 'in-stock', listedAt: this.outside.now() };
        this.outside.say({
          ...{ topic: storefrontProducts, type: 'ProductListed', key: `${storefront}/NEW-${n}`, id: `p-${storefront}-${n}` },
          ...{ source: 'storefront', data },
        });
      }
  }

  private place(orderNumber: string): void {
    const { random } = this.outside;
    const lines = Array.from({ length: random.int(1, 3) }, (_, i) => ({
      ...{ line: i + 1, sku: `SKU-${i + 1}`, quantity: random.int(1, 4) },
      unitPrice: random.int(1, 9000),
    }));
    const charges = random.pick([
      [],
      [{ kind: 'shipping', amount: 495 }],
      [
        { kind: 'shipping', amount: 495 },
        { kind: 'discount', amount: -1 },
      ],
    ]);
    const total =
      lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0) + charges.reduce((sum, { amount }) => sum + amount, 0);
    this.placed.set(orderNumber, { orderNumber, lines, total });
    this.say('OrderPlaced', orderNumber, {
      ...{ orderNumber, placedAt: this.outside.now(), lines, charges, currency: 'GBP', total },
      customer: { id: random.chance(0.7) ? `C-${random.int(1, 2)}` : null, name: 'Ada Lovelace', email: 'ada@example.test' },
      address: address(random.weighted({ GB: 7, FR: 2, AQ: 1 })),
      ...this.payer.pays(orderNumber, total),
      ...(random.chance(0.1) && { notes: 'leave it with the neighbour' }),
    });
  }

  private changes(orderNumber: string): void {
    const { random } = this.outside;
    for (let n = random.weighted({ '0': 4, '1': 3, '2': 2, '4': 1 }); Number(n) > 0; n = String(Number(n) - 1) as typeof n)
      this.outside.later(60, `customer changes ${orderNumber}`, () => this.change(orderNumber));
    if (random.chance(0.15)) this.afterwards(orderNumber);
    // LOG-02: at any time, also again, and of what was cancelled
    for (let asks = random.weighted({ '0': 6, '1': 2, '2': 1 }); Number(asks) > 0; asks = String(Number(asks) - 1) as typeof asks)
      this.outside.later(300, `customer asks where ${orderNumber} is`, () => this.say('TrackingRequested', orderNumber, { orderNumber }));
  }

  private change(orderNumber: string): void {
    const { random } = this.outside;
    const kind = random.weighted({ whole: 4, part: 4, address: 4, product: 4 });
    if (kind === 'product')
      return this.say('ProductChangeRequested', orderNumber, { orderNumber, line: random.int(1, 3), sku: `NEW-${random.int(1, 4)}` });
    if (kind === 'address')
      return this.say('AddressChangeRequested', orderNumber, { orderNumber, address: address(random.weighted({ GB: 8, KP: 1 })) });
    const lines = kind === 'part' ? { lines: this.units(orderNumber) } : {};
    this.say('CancellationRequested', orderNumber, { orderNumber, reason: 'changed my mind', ...this.declared(), ...lines });
  }

  /** REF-07: what the customer declares to the marketplace, which may be nothing or not so. */
  private declared(): object {
    const declaredCause = this.outside.random.pick(['not-as-agreed', 'out-of-stock', 'cancelled', undefined, undefined]);
    return declaredCause === undefined ? {} : { declaredCause };
  }

  private afterwards(orderNumber: string): void {
    const { random } = this.outside;
    if (!(this.placed.has(orderNumber) || this.again.has(orderNumber)) || !random.chance(0.6)) return;
    this.outside.later(300, `customer complains about ${orderNumber}`, () => this.complain(orderNumber));
  }

  private complain(orderNumber: string): void {
    const { random } = this.outside;
    const lines = this.units(orderNumber);
    const kind = random.weighted({ return: 5, 'missing-items': 6, quality: 1 });
    const cause = random.pick(['quality', 'dislike', undefined]);
    if (kind === 'return')
      this.say('ReturnRequested', orderNumber, { orderNumber, lines, reason: 'does not fit', cause, ...this.declared() });
    else this.say('ProblemReported', orderNumber, { orderNumber, kind, lines, text: 'not as it should be', cause, ...this.declared() });
  }

  /** Some of some lines, as they were ordered. */
  private units(orderNumber: string): { line: number; quantity: number }[] {
    const { random } = this.outside;
    const lines = this.placed.get(orderNumber)?.lines ?? this.again.get(orderNumber) ?? [];
    const some = random.some(lines, 0.6);
    return (some.length > 0 ? some : lines.slice(0, 1)).map(({ line, quantity }) => ({ line, quantity: random.int(1, quantity) }));
  }

  /** Of `main` without its name, of another shop with it, or as the whole reference. */
  private say(type: string, orderNumber: string, said: object): void {
    this.said += 1;
    const { storefront, number } = partsOf(orderNumber);
    const data = storefront === 'main' || this.said % 2 === 0 ? said : { ...said, orderNumber: number, storefront };
    this.outside.say({ topic: storefrontOrders, type, key: orderNumber, id: `s-${this.said}`, source: 'storefront', data });
  }
}

const address = (country: string) => ({
  recipient: 'Ada Lovelace',
  street: '12 St James Square',
  city: 'London',
  postcode: 'SW1Y 4JH',
  country,
});
