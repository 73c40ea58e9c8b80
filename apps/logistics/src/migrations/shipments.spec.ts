import { createDatabase } from '@orderloom/dev-services';
import { execute, PostgresStore } from '@orderloom/event-sourcing';
import { logistics } from '../logistics.module.js';
import { shipment } from '../shipment.js';
import { address, at, handover, lines, orderNumber } from '../shipment.fixture.js';
import { ParcelNumbers1764000000202, Shipments1764000000201 } from './shipments.js';

const meta = { by: 'tester' };

it('the migration rebuilds the rows of stored shipments with parcels and tracking numbers (I7)', async () => {
  const url = await createDatabase(process.env['TEST_DATABASE_URL'] ?? '', `shipments_${process.pid}_${Date.now()}`);
  const before = await PostgresStore.open({ url, migrations: [Shipments1764000000201, ParcelNumbers1764000000202] });
  await before.migrate();
  await execute(before, { decider: shipment, id: orderNumber, command: { type: 'PrepareShipment', orderNumber, lines, address }, meta });
  await execute(before, { decider: shipment, id: orderNumber, command: { type: 'ReportShipped', orderNumber, ...handover }, meta });
  const { trackingNumber, carrier, method } = handover;
  const old = { orderNumber, stage: 'shipped', held: false, carrier, method, trackingNumber };
  await before.commit({ meta, rows: [{ op: 'put', table: 'shipments', key: orderNumber, row: old }] });
  await before.close();

  const after = await PostgresStore.open({ url, migrations: logistics.migrations });
  try {
    await after.migrate();
    const parcels = [{ trackingNumber, carrier, method, shippedAt: at, scans: [] }];
    expect(await after.rows('shipments', { trackingNumbers: trackingNumber })).toEqual([
      { ...old, parcels, unmatchedScans: [], trackingNumbers: [trackingNumber] },
    ]);
  } finally {
    await after.close();
  }
});
