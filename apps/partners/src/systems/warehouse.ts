import { answering } from '../teams/task-inbox.js';
import type { Answer, Task, TaskHandlers } from '../teams/task.js';
import { warehouseReports } from '../messaging/topics.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

interface Shipment {
  status: 'unknown' | 'waiting' | 'held' | 'picked' | 'shipped';
  /** The current `ship-order` task. */
  task?: Task;
  /** Ends the wait for a picker. */
  endWait: () => void;
}

/** The warehouse. Its reports are always true: a held order is never picked, and a picked order is never held (LOG-09). */
export class Warehouse {
  private readonly shipments = new Map<string, Shipment>();

  constructor(private readonly context: PartnerContext) {}

  readonly handlers: TaskHandlers = {
    'ship-order': (task) => this.ship(task),
    'hold-order': (task) => answering(this.context, () => this.hold(task))(task),
    'change-label': (task) => answering(this.context, () => this.relabel(task))(task),
  };

  private async ship(task: Task): Promise<void> {
    const place = this.shipmentOf(task.subject);
    if (place.status === 'picked' || place.status === 'shipped') return;
    // Checked before anything is picked: a task without an address is invalid.
    const handOver = this.handOver(task);
    // Another label does not end a hold; after the hold the order is asked for again.
    const isStillHeld = place.status === 'held' && place.task?.superseded === true;
    place.task = task;
    if (isStillHeld) return;
    place.status = 'waiting';
    const hurried = new Promise<void>((resolve) => (place.endWait = resolve));
    await Promise.race([this.workOn('pick', task), hurried]);
    if (!this.picks(place, task)) return;
    await this.report(task, 'ParcelPicked');
    await this.workOn('pack', task);
    await this.report(task, 'ParcelPacked');
    await this.workOn('hand-over', task);
    place.status = 'shipped';
    await this.report(task, 'ParcelShipped', handOver);
  }

  /** The first one gets the order, a picker or a hold. */
  private picks(place: Shipment, task: Task): boolean {
    if (place.task !== task) return false;
    if (place.status === 'waiting' && !task.withdrawn) place.status = 'picked';
    return place.status === 'picked';
  }

  private hold(task: Task): Answer {
    const place = this.shipmentOf(task.subject);
    if (place.status === 'waiting' && !place.task?.withdrawn && this.context.behaviour.choice(task.draw) === 'HoldDenied') {
      place.status = 'picked';
      place.endWait();
    }
    if (place.status === 'picked') return { type: 'HoldDenied', reason: 'the goods are picked' };
    if (place.status === 'shipped') return { type: 'HoldDenied', reason: 'the parcel has left' };
    place.status = 'held';
    return { type: 'HoldConfirmed' };
  }

  private relabel(task: Task): Answer {
    if (this.shipmentOf(task.subject).status === 'shipped') return { type: 'LabelDenied', reason: 'the parcel has left' };
    const type = this.context.behaviour.choice(task.draw);
    return type === 'LabelDenied' ? { type, reason: 'the label is on a pallet for the carrier' } : { type };
  }

  private handOver({ subject, about, draw }: Task) {
    const { country } = (about as { address: { country: string } }).address;
    const abroad = country !== 'GB';
    const tracked = this.context.behaviour.choice({ ...draw, round: 0 }) === 'tracked';
    return {
      carrier: 'Royal Mail',
      method: `${abroad ? 'International' : 'Domestic'} ${tracked ? 'tracked' : 'untracked'}`,
      trackingNumber: tracked ? `RM${subject}${country}` : null,
    };
  }

  private report({ taskId, subject }: Task, type: string, details: object = {}): Promise<void> {
    const data = { orderNumber: subject, at: this.context.now().toISOString(), ...details };
    return this.context.send({ topic: warehouseReports, key: subject, id: `report-${taskId}-${type}`, source: 'warehouse', type, data });
  }

  private workOn(step: string, { draw, subject, askedAt }: Task): Promise<void> {
    return this.context.wait(this.context.behaviour.hours({ ...draw, question: step }), { since: askedAt, subject, orderNumber: subject });
  }

  private shipmentOf(orderNumber: string): Shipment {
    const place: Shipment = this.shipments.get(orderNumber) ?? { status: 'unknown', endWait: () => undefined };
    this.shipments.set(orderNumber, place);
    return place;
  }
}
