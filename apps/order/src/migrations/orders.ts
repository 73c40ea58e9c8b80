import { indexing, rebuildRowsMigration, rowTable } from '@orderloom/event-sourcing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { order } from '../order.js';

export class Orders1764000000101 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of rowTable('orders', ['customerKey', 'orderNumber'])) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table orders');
  }
}

/** ORD-06: the number alone finds the orders of all storefronts. */
export class OrdersByNumber1764000000102 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `update orders set row = row || jsonb_build_object('number', key, 'storefront', events.data->'storefront')
       from events where stream = 'order-' || key and version = 1`,
    );
    for (const sql of indexing('orders', 'number')) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table orders drop column "row.number"');
    await runner.query(`update orders set row = row - 'number' - 'storefront'`);
  }
}

/** ORD-21: products of a category are found by their shelf. */
export class Products1764000000104 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of rowTable('products', ['shelf'])) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table products');
  }
}

/** Rows of before show one payment, as it was when the order was placed. */
export const OrdersRebuilt1764000000103 = rebuildRowsMigration('OrdersRebuilt1764000000103', order);
