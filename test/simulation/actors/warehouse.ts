import { courierScans, scanKinds, warehouseReports } from '@orderloom/contracts';
import type { Answer } from './answers.js';
import type { Outside } from './outside.js';
import type { Special } from './teams.js';
import type { Task } from './task.js';

interface Parcel {
  task: Task;
  /** The question that it is held for; one that is withdrawn holds nothing. */
  heldFor?: Task;
  isShort?: boolean;
  stage: 'none' | 'picked' | 'shipped';
}

/** The warehouse and the courier: what they hold they do not pick, what they have picked they do not hold. */
export class Warehouse {
  readonly special: Readonly<Record<string, Special>> = {
    'ship-order': (task) => this.ship(task),
    'hold-order': (task) => this.hold(task),
    'change-label': ({ subject }) => this.changeLabel(subject),
  };
  private readonly parcels = new Map<string, Parcel>();
  /** Of the parcel that went out last; what another order's goods may be put into. */
  private lastNumber: string | undefined;

  constructor(private readonly outside: Outside) {}

  /** Told of each question once, as it comes: what is asked anew is no longer held, unless only its label is another one. */
  asked(task: Task): void {
    const known = this.parcels.get(task.subject);
    if (task.question !== 'ship-order' || (known?.stage ?? 'none') !== 'none') return;
    const heldFor = known?.task.reason === 'superseded' ? known.heldFor : undefined;
    this.parcels.set(task.subject, { task, stage: 'none', ...(heldFor && { heldFor }) });
  }

  /** Told that a hold it confirmed does not stand: it had reported the pick. */
  noticed(subject: string, notice: string): void {
    const parcel = this.parcels.get(subject);
    if (notice !== 'hold-released' || !parcel) return;
    parcel.heldFor = undefined;
    this.outside.later(12, `warehouse picks ${subject}`, () => this.pick(parcel));
  }

  private ship(task: Task): undefined {
    const parcel = this.parcels.get(task.subject);
    if (task.isWithdrawn || parcel?.task !== task) return;
    this.outside.later(12, `warehouse picks ${task.subject}`, () => this.pick(parcel));
    // somebody misread a label
    if (this.outside.random.chance(0.05)) {
      const { subject } = task;
      this.outside.later(60, `courier scans another parcel for ${subject}`, () => this.scan(subject, `RX-${subject}`, 'delivered'));
    }
  }

  private pick(parcel: Parcel): void {
    const { subject, isWithdrawn } = parcel.task;
    if (parcel.stage !== 'none' || parcel.isShort || this.parcels.get(subject) !== parcel) return;
    // somebody who has not heard of it picks, and puts it back
    if (isHeld(parcel) || isWithdrawn) return this.outside.random.chance(0.1) ? this.report('ParcelPicked', subject) : undefined;
    if (this.outside.random.chance(0.1)) return this.pickSome(parcel);
    parcel.stage = 'picked';
    this.report('ParcelPicked', subject);
    this.outside.later(2, `warehouse packs ${subject}`, () => this.report('ParcelPacked', subject));
    this.outside.later(6, `warehouse ships ${subject}`, () => this.handOver(parcel));
  }

  /** Not everything was there: the rest waits until it is asked for again. */
  private pickSome(parcel: Parcel): void {
    const { subject, taskId, about } = parcel.task;
    parcel.isShort = true;
    const lines = (about['lines'] as { line: number; quantity: number }[]).map(({ line, quantity }, i) => ({
      line,
      quantity: this.outside.random.int(0, i === 0 ? quantity - 1 : quantity),
    }));
    this.report('ParcelPicked', subject, { lines }, `-${taskId}`);
  }

  private handOver(parcel: Parcel): void {
    const { subject } = parcel.task;
    const { random } = this.outside;
    parcel.stage = 'shipped';
    if (this.lastNumber !== undefined && random.chance(0.1)) this.reportParcel(subject, this.lastNumber);
    else this.handOverParcel(subject, random.chance(0.8) ? `RM-${subject}` : null);
    // what did not fit in goes out in another
    if (random.chance(0.15))
      this.outside.later(60, `warehouse ships the rest of ${subject}`, () => this.handOverParcel(subject, `RM-${subject}.2`));
  }

  private handOverParcel(subject: string, trackingNumber: string | null): void {
    const { random } = this.outside;
    const nth = trackingNumber?.endsWith('.2') ? '-2' : '';
    // somebody mistypes a number, and notices
    const mistyped = trackingNumber !== null && random.chance(0.05) ? `${trackingNumber}-mistyped` : undefined;
    this.reportParcel(subject, mistyped ?? trackingNumber, nth);
    if (mistyped !== undefined)
      this.outside.later(90, `warehouse corrects ${mistyped}`, () =>
        this.reportParcel(subject, trackingNumber, `${nth}-corrected`, mistyped),
      );
    if (trackingNumber === null) return;
    this.lastNumber = trackingNumber;
    for (const scan of ['exception', 'returned-to-sender'])
      if (random.chance(0.1)) this.outside.later(60, `courier scans ${subject} ${scan}`, () => this.scan(subject, trackingNumber, scan));
    for (const scan of scanKinds.slice(1, 6))
      if (random.chance(0.6) || scan === 'delivered')
        this.outside.later(60, `courier scans ${subject} ${scan}`, () => this.scan(subject, trackingNumber, scan));
  }

  private reportParcel(subject: string, trackingNumber: string | null, nth = '', replaces?: string): void {
    const correction = replaces === undefined ? {} : { replaces };
    this.report('ParcelShipped', subject, { carrier: 'Royal Mail', method: 'Tracked 48', trackingNumber, ...correction }, nth);
  }

  /** A second hold of the same goods has no effect. */
  private hold(task: Task): Answer {
    const { subject, answers, isClosed } = task;
    const parcel = this.parcels.get(subject);
    if (parcel && parcel.stage !== 'none') return { type: 'HoldDenied', reason: parcel.stage };
    if (parcel && answers === 0 && !isClosed && !isHeld(parcel)) parcel.heldFor = task;
    return { type: 'HoldConfirmed' };
  }

  private changeLabel(subject: string): Answer {
    return this.parcels.get(subject)?.stage === 'shipped' ? { type: 'LabelDenied', reason: 'shipped' } : { type: 'LabelConfirmed' };
  }

  private scan(orderNumber: string, trackingNumber: string, scan: string): void {
    const data = { trackingNumber, orderNumber, scan, at: this.outside.now() };
    this.outside.say({
      topic: courierScans,
      type: 'ParcelScanned',
      key: trackingNumber,
      id: `${trackingNumber}-${scan}`,
      source: 'courier',
      data,
    });
  }

  private report(type: string, orderNumber: string, more: object = {}, nth = ''): void {
    const data = { orderNumber, at: this.outside.now(), ...more };
    this.outside.say({ topic: warehouseReports, type, key: orderNumber, id: `${orderNumber}-${type}${nth}`, source: 'warehouse', data });
  }
}

const isHeld = ({ heldFor }: Parcel): boolean => heldFor?.isWithdrawn === false;
