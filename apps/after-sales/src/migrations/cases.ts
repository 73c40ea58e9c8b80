import { rowTable } from '@orderloom/event-sourcing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Cases1764000000401 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of rowTable('cases', ['orderNumber', 'status', 'queued', 'kind'])) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table cases');
  }
}
