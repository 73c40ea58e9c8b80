import { rowTable } from '@orderloom/event-sourcing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Shipments1764000000201 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of rowTable('shipments', ['trackingNumber'])) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table shipments');
  }
}
