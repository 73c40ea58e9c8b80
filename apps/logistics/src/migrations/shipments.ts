import { indexing, rebuildRowsMigration, rowTable } from '@orderloom/event-sourcing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { shipment } from '../shipment.js';

export class Shipments1764000000201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of rowTable('shipments', ['trackingNumber'])) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table shipments');
  }
}

export class ParcelNumbers1764000000202 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of indexing('shipments', 'trackingNumbers')) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table shipments drop column "row.trackingNumbers"');
  }
}

/** LOG-01: the list of unknown statuses, and the orders that have one. */
export class CourierStatuses1764000000204 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [...rowTable('courier_statuses'), ...indexing('shipments', 'unknownStatusKeys')]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table courier_statuses');
    await runner.query('alter table shipments drop column "row.unknownStatusKeys"');
  }
}

/** Rows of before show one parcel, and no scan without one. */
export const ShipmentsRebuilt1764000000203 = rebuildRowsMigration('ShipmentsRebuilt1764000000203', shipment);
