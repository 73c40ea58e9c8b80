import { rebuildRowsMigration, rowTable } from '@orderloom/event-sourcing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { refunds } from '../refunds.js';

export class Refunds1764000000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of rowTable('refunds')) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table refunds');
  }
}

/** REF-07: rows of before show neither flag nor mismatch. */
export const RefundsRebuilt1764000000303 = rebuildRowsMigration('RefundsRebuilt1764000000303', refunds);

/** Rows of before show neither the payments nor which of them a refund goes to. */
export const RefundsRebuilt1764000000302 = rebuildRowsMigration('RefundsRebuilt1764000000302', refunds);
