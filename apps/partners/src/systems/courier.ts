import type { Draw, BehaviourProfile } from '../behaviour/behaviour-profile.js';
import type { IncomingMessage } from '../messaging/message.js';
import { courierScans } from '../messaging/topics.js';
import { answering } from '../teams/task-inbox.js';
import type { TaskHandler, TaskHandlers } from '../teams/task.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

export interface Scan {
  readonly scan: string;
  readonly place: string;
  /** Hours after the handover: time of the scan, and time of its report. */
  readonly scannedAfter: number;
  readonly reportedAfter: number;
  readonly again?: boolean;
}

const hour = 3_600_000;
const home = [
  ['first-scan', 'Coventry hub'],
  ['departed', 'Coventry hub'],
  ['out-for-delivery', 'local depot'],
  ['delivered', 'front door'],
] as const;
const abroad = [...home.slice(0, 2), ['arrived-in-destination-country', 'airport'], ...home.slice(2)] as const;

/** Scans of one parcel. Some scans are repeated, arrive out of order or report a problem. */
export function scansOf(profile: BehaviourProfile, subject: string, isAbroad: boolean): Scan[] {
  let at = 0;
  const scans: Scan[] = (isAbroad ? abroad : home).map(([scan, place], round) => {
    at += profile.hours({ question: isAbroad ? 'scan-abroad' : 'scan-at-home', subject, round });
    return { scan, place, scannedAfter: at, reportedAfter: at };
  });
  const reported = scans.flatMap((scan, round): Scan[] => withFault(profile, { question: 'scan', subject, round }, scan, scans[round + 1]));
  return reported.sort((a, b) => a.reportedAfter - b.reportedAfter);
}

function withFault(profile: BehaviourProfile, draw: Draw, scan: Scan, next: Scan | undefined): Scan[] {
  switch (profile.choice(draw)) {
    case 'repeated':
      return [scan, { ...scan, reportedAfter: scan.reportedAfter + 1, again: true }];
    case 'overtaken':
      return [next ? { ...scan, reportedAfter: next.reportedAfter + 0.5 } : scan];
    case 'exception':
      return next
        ? [scan, { scan: 'exception', place: scan.place, scannedAfter: scan.scannedAfter + 0.5, reportedAfter: scan.scannedAfter + 0.5 }]
        : [scan];
    default:
      return [scan];
  }
}

/** Outcomes of parcels that a customer asked about. */
export const courierHandlers = (context: PartnerContext): TaskHandlers => {
  const says = (note: Readonly<Record<string, string>>): TaskHandler =>
    answering(context, (task) => {
      const type = context.behaviour.choice(task.draw);
      return { type, note: note[type] ?? type };
    });
  const explained = { ParcelExplained: 'it waits for customs and goes on in two days', ParcelNotFound: 'it is in none of our depots' };
  return {
    'explain-missing-scan': says(explained),
    'investigate-parcel': says(explained),
    'explain-problem': says({ ...explained, ParcelComesBack: 'nobody was at home three times: it comes back' }),
    'redirect-parcel': answering(context, (task) => {
      const type = context.behaviour.choice(task.draw);
      return type === 'RedirectRefused' ? { type, reason: 'the parcel is out for delivery' } : { type };
    }),
    'handle-problem-parcel': says({
      InstructionAccepted: 'the driver was told',
      InstructionRefused: 'the depot does not do that',
      ParcelNotFound: explained.ParcelNotFound,
    }),
    'prove-delivery': says({ DeliveryProven: 'signed for at the front door', DeliveryNotProven: 'there is no signature' }),
  };
};

/** The courier: takes over shipped parcels and reports the tracked ones until their delivery. */
export class Courier {
  private readonly parcels = new Map<string, Promise<void>>();

  constructor(private readonly context: PartnerContext) {}

  async onEvent({ type, id, time, data }: IncomingMessage): Promise<void> {
    const { trackingNumber, orderNumber, method } = data;
    if (type !== 'ParcelShipped' || trackingNumber === null) return;
    if (typeof trackingNumber !== 'string' || typeof orderNumber !== 'string')
      throw new RangeError(`ParcelShipped ${id} lacks trackingNumber or orderNumber: ${JSON.stringify(data)}`);
    const underway =
      this.parcels.get(trackingNumber) ??
      this.reportScans(trackingNumber, orderNumber, Date.parse(time), String(method).startsWith('International'));
    this.parcels.set(trackingNumber, underway);
    await underway;
  }

  private async reportScans(trackingNumber: string, orderNumber: string, since: number, isAbroad: boolean): Promise<void> {
    let passed = 0;
    for (const [i, { scan, place, scannedAfter, reportedAfter, again }] of scansOf(
      this.context.behaviour,
      orderNumber,
      isAbroad,
    ).entries()) {
      await this.context.wait(reportedAfter - passed, { since: new Date(since + passed * hour).toISOString(), orderNumber });
      passed = reportedAfter;
      const at = new Date(Math.min(since + scannedAfter * hour, this.context.now().getTime())).toISOString();
      const id = `scan-${trackingNumber}-${i}-${scan}${again ? '-again' : ''}`;
      const data = { trackingNumber, orderNumber, scan, at, place };
      const hasNoEffect = again === true || (scan !== 'delivered' && scan !== 'exception');
      await this.context.send({
        topic: courierScans,
        key: trackingNumber,
        id,
        source: 'courier',
        type: 'ParcelScanned',
        data,
        hasNoEffect,
      });
    }
  }
}
