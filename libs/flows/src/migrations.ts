import { rowTable } from '@orderloom/event-sourcing';
import type { MigrationInterface, QueryRunner } from 'typeorm';

class Flows1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [...rowTable('flows', ['subject', 'status']), ...rowTable('flow_claims')]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table flow_claims, flows');
  }
}

/** Progress of recounts of deadlines, by version of the settings. */
class FlowRecounts1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of rowTable('flow_recounts')) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table flow_recounts');
  }
}

/** Migrations of the tables of a service that runs flows. */
export const flowMigrations = [Flows1764000000001, FlowRecounts1764000000002];
