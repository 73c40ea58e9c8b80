import { rowTable } from '@orderloom/event-sourcing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Refunds1764000000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of rowTable('refunds')) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table refunds');
  }
}
