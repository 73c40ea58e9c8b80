import { givenFlow } from '@orderloom/flows';
import { handover, orderNumber } from '../shipment.fixture.js';
import { explainScan } from './explain-scan.js';

const seen = (scan: string, trackingNumber = 'RM9GB') => ({ orderNumber, trackingNumber, scan, at: handover.at });
const begun = (scan: string) => givenFlow(explainScan, { type: 'ScanUnmatched', ...seen(scan) });

describe('a scan of a tracking number that the warehouse has not reported (LOG-01)', () => {
  it('a delivered parcel is asked about at once', () => {
    const flow = begun('delivered').then('asking', 'ask service: explain-scan');
    expect(flow.task('explain-scan').about).toEqual(seen('delivered'));
    flow.answered('explain-scan', 'ScanExplained', { note: 'of order 536366' }).then('explained', 'end: explained');
  });

  it('another scan waits a day for the report of the warehouse first', () => {
    begun('first-scan').then('awaitingReport').due('reportLag').then('asking', 'ask service: explain-scan');
    begun('first-scan')
      .when('ParcelScanned', seen('departed'))
      .thenStrayed(/no reachable state/)
      .then('awaitingReport');
    begun('first-scan').when('ParcelScanned', seen('delivered')).then('asking', 'ask service: explain-scan');
    begun('first-scan')
      .when('ParcelScanned', seen('delivered', 'RM1GB'))
      .thenStrayed(/no reachable state/)
      .then('awaitingReport');
  });

  it('a report of this number ends the flow, a report of another one does not', () => {
    const number = { ...handover, trackingNumber: 'RM9GB' };
    begun('first-scan').when('ParcelShipped', number).then('matched', 'end: matched');
    begun('delivered')
      .when('ParcelShipped', handover)
      .thenStrayed(/no reachable state/)
      .then('asking');
    begun('delivered').when('ParcelShipped', number).then('matched', 'withdraw service: explain-scan', 'end: matched');
  });

  it('a correction to this number ends the flow', () => {
    const corrected = { ...handover, trackingNumber: 'RM9GB', replaces: 'RM7GB' };
    begun('delivered').when('ParcelRenumbered', corrected).then('matched', 'withdraw service: explain-scan', 'end: matched');
  });

  it('service is reminded twice, each after a working day, then the task is escalated', () => {
    const flow = begun('delivered').due('serviceAnswer').due('serviceAnswer').then('asking', 'remind service: explain-scan');
    flow.due('serviceAnswer').then('asking', 'escalate service: explain-scan', 'inform supervisor: task-escalated');
  });
});
