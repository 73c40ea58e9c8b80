import type { MigrationInterface, QueryRunner } from 'typeorm';

/** CS-02: who works on a task until when, and what was noted on it. */
export class Worklist1764000000019 implements MigrationInterface {
  readonly name = 'Worklist1764000000019';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table tasks add column service text, add column claimed_by text, add column claimed_until timestamptz');
    await runner.query('update tasks set service = flows.service from flows where flows.flow_id = tasks.flow_id');
    await runner.query(
      `create table task_comments (
         id text primary key,
         task_id text not null,
         by text not null,
         comment text not null,
         at timestamptz not null
       )`,
    );
    await runner.query('create index comments_of_task on task_comments (task_id, at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table task_comments');
    await runner.query('alter table tasks drop column service, drop column claimed_by, drop column claimed_until');
  }
}
