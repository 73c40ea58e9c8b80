import { givenFlow } from '@orderloom/flows';
import { handover, orderNumber } from '../shipment.fixture.js';
import { explainScan } from './explain-scan.js';

const seen = (scan: string, trackingNumber = 'RM9GB') => ({ orderNumber, trackingNumber, scan, at: handover.at });
const begun = (scan: string) => givenFlow(explainScan, { type: 'ScanUnmatched', ...seen(scan) });

describe('a scan of a number that the warehouse has not reported (LOG-01)', () => {
  it('is asked about at once where the parcel was signed for', () => {
    const flow = begun('delivered').then('asking', 'ask service: explain-scan');
    expect(flow.task('explain-scan').about).toEqual(seen('delivered'));
    flow.answered('explain-scan', 'ScanExplained', { note: 'of order 536366' }).then('explained', 'end: explained');
  });

  it('waits a day for the report of the warehouse before that', () => {
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

  it('is explained by the report of this number, and of no other', () => {
    const number = { ...handover, trackingNumber: 'RM9GB' };
    begun('first-scan').when('ParcelShipped', number).then('matched', 'end: matched');
    begun('delivered')
      .when('ParcelShipped', handover)
      .thenStrayed(/no reachable state/)
      .then('asking');
    begun('delivered').when('ParcelShipped', number).then('matched', 'withdraw service: explain-scan', 'end: matched');
  });

  it('is explained by the correction of a number that was mistyped', () => {
    const corrected = { ...handover, trackingNumber: 'RM9GB', replaces: 'RM7GB' };
    begun('delivered').when('ParcelRenumbered', corrected).then('matched', 'withdraw service: explain-scan', 'end: matched');
  });

  it('is asked about again after a working day, twice, then escalated', () => {
    const flow = begun('delivered').due('serviceAnswer').due('serviceAnswer').then('asking', 'remind service: explain-scan');
    flow.due('serviceAnswer').then('asking', 'escalate service: explain-scan', 'inform supervisor: task-escalated');
  });
});
