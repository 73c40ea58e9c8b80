import { rebuildRowsMigration, rowTable } from '@orderloom/event-sourcing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { refunds } from '../refunds.js';
import { registerView } from '../views/register.view.js';
import { refundsView } from '../views/refunds.view.js';

/** The register has no table until 304. */
const perOrder = { ...refunds, views: [refundsView] };

export class Refunds1764000000301 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of rowTable('refunds')) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table refunds');
  }
}

/** REF-07: rows of before show neither flag nor mismatch. */
export const RefundsRebuilt1764000000303 = rebuildRowsMigration('RefundsRebuilt1764000000303', perOrder);

/** Rows of before show neither the payments nor which of them a refund goes to. */
export const RefundsRebuilt1764000000302 = rebuildRowsMigration('RefundsRebuilt1764000000302', perOrder);

/** REF-06 */
export class RefundRegister1764000000304 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const indexed = ['orderNumber', 'storefront', 'status', 'cause', 'flagged', 'mismatch', 'method', 'open', 'month', 'insteadOf'];
    for (const sql of rowTable('refund_register', indexed)) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table refund_register');
  }
}

/** The refunds of before, in the register. */
export const RegisterBuilt1764000000305 = rebuildRowsMigration('RegisterBuilt1764000000305', { ...refunds, views: [registerView] });
