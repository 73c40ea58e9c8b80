import type { Draw, BehaviourProfile } from '../behaviour/behaviour-profile.js';
import type { IncomingMessage } from '../messaging/message.js';
import { courierScans } from '../messaging/topics.js';
import type { PartnerContext } from '../behaviour/partner-context.js';

export interface Scan {
  readonly scan: string;
  readonly place: string;
  /** Hours after the handover: time of the scan, and time of its report. */
  readonly seen: number;
  readonly said: number;
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
export function journey(manners: BehaviourProfile, subject: string, isAbroad: boolean): Scan[] {
  let at = 0;
  const scans: Scan[] = (isAbroad ? abroad : home).map(([scan, place], round) => {
    at += manners.hours({ what: isAbroad ? 'scan-abroad' : 'scan-at-home', subject, round });
    return { scan, place, seen: at, said: at };
  });
  const said = scans.flatMap((scan, round): Scan[] => mishap(manners, { what: 'scan', subject, round }, scan, scans[round + 1]));
  return said.sort((a, b) => a.said - b.said);
}

function mishap(manners: BehaviourProfile, draw: Draw, scan: Scan, next: Scan | undefined): Scan[] {
  switch (manners.choice(draw)) {
    case 'repeated':
      return [scan, { ...scan, said: scan.said + 1, again: true }];
    case 'overtaken':
      return [next ? { ...scan, said: next.said + 0.5 } : scan];
    case 'exception':
      return next ? [scan, { scan: 'exception', place: scan.place, seen: scan.seen + 0.5, said: scan.seen + 0.5 }] : [scan];
    default:
      return [scan];
  }
}

/** The courier: takes over shipped parcels and reports the tracked ones until their delivery. */
export class Courier {
  private readonly parcels = new Map<string, Promise<void>>();

  constructor(private readonly world: PartnerContext) {}

  async hear({ type, id, time, data }: IncomingMessage): Promise<void> {
    const { trackingNumber, orderNumber, method } = data;
    if (type !== 'ParcelShipped' || trackingNumber === null) return;
    if (typeof trackingNumber !== 'string' || typeof orderNumber !== 'string')
      throw new RangeError(`ParcelShipped ${id} lacks trackingNumber or orderNumber: ${JSON.stringify(data)}`);
    const underway =
      this.parcels.get(trackingNumber) ??
      this.carry(trackingNumber, orderNumber, Date.parse(time), String(method).startsWith('International'));
    this.parcels.set(trackingNumber, underway);
    await underway;
  }

  private async carry(trackingNumber: string, orderNumber: string, since: number, isAbroad: boolean): Promise<void> {
    let passed = 0;
    for (const [i, { scan, place, seen, said, again }] of journey(this.world.manners, orderNumber, isAbroad).entries()) {
      await this.world.pass(said - passed, { heard: new Date(since + passed * hour).toISOString(), whose: orderNumber });
      passed = said;
      const at = new Date(Math.min(since + seen * hour, this.world.now().getTime())).toISOString();
      const id = `scan-${trackingNumber}-${i}-${scan}${again ? '-again' : ''}`;
      const data = { trackingNumber, orderNumber, scan, at, place };
      const inVain = again === true || scan !== 'delivered';
      await this.world.say({ topic: courierScans, key: trackingNumber, id, source: 'courier', type: 'ParcelScanned', data, inVain });
    }
  }
}
