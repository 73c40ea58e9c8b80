import { Controller, Get, Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { RequirePermission, Public } from '../auth/auth.js';
import { Operation } from '../openapi/operation.js';
import { HttpProblem } from '../http/problems/problem.js';

const health = z.object({ ok: z.boolean(), detail: z.string().optional() });
export type Health = z.infer<typeof health>;

const ends = z.record(z.string(), z.int());
const work = z.object({ idle: z.boolean(), done: z.int(), hears: z.array(z.string()), handled: ends, produced: ends });
type Work = z.infer<typeof work>;
/** A background worker. */
type Worker = () => Pick<Work, 'idle' | 'done'> & Partial<Work>;

/** Readiness checks of a process. */
@Injectable()
export class HealthRegistry {
  private readonly checks = new Map<string, () => Promise<Health>>();
  private readonly workers: Worker[] = [];

  /** A check that throws, or takes longer than two seconds, fails. */
  add(name: string, check: () => Promise<Health>): void {
    this.checks.set(name, check);
  }

  addWorker(worker: Worker): void {
    this.workers.push(worker);
  }

  /** Progress of all workers. */
  work(): Work {
    const all = this.workers.map((worker) => worker());
    return {
      idle: all.every(({ idle }) => idle),
      done: all.reduce((sum, { done }) => sum + done, 0),
      hears: all.flatMap(({ hears = [] }) => hears),
      handled: Object.assign({}, ...all.map(({ handled }) => handled)) as Work['handled'],
      produced: Object.assign({}, ...all.map(({ produced }) => produced)) as Work['produced'],
    };
  }

  async read(): Promise<Readonly<Record<string, Health>>> {
    const results = [...this.checks].map(async ([name, check]) => [name, await inTime(check)] as const);
    return Object.fromEntries(await Promise.all(results));
  }
}

const deadline = 2_000;

async function inTime(check: () => Promise<Health>): Promise<Health> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Health>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: `no answer within ${deadline} ms` }), deadline);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    return { ok: false, detail: 'the check failed' };
  } finally {
    clearTimeout(timer);
  }
}

const checks = z.record(z.string(), health);

@Controller('health')
export class HealthController {
  constructor(@Inject(HealthRegistry) private readonly registry: HealthRegistry) {}

  @Get('live')
  @Public()
  @Operation({ summary: 'The process runs', answers: { 200: z.object({ status: z.literal('up') }) } })
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  @Get('work')
  @RequirePermission('metrics:read')
  @Operation({
    summary:
      'Whether relay and consumer are idle; `done`: batches since the start; `hears`: subscribed topics; `handled`: next offsets by topic/partition; `produced`: end offsets of what it published',
    answers: { 200: work },
  })
  work(): Work {
    return this.registry.work();
  }

  @Get('ready')
  @Public()
  @Operation({
    summary: 'The process is ready for requests; otherwise a 503 problem names the failed checks in `checks`',
    answers: { 200: z.object({ status: z.literal('up'), checks }) },
  })
  async ready(): Promise<{ status: 'up'; checks: z.infer<typeof checks> }> {
    const found = await this.registry.read();
    const failed = Object.keys(found).filter((name) => !found[name]?.ok);
    if (failed.length > 0)
      throw new HttpProblem(503, 'not-ready', `Not ready: ${failed.join(', ')}.`, { 'retry-after': '1' }, { checks: found });
    return { status: 'up', checks: found };
  }
}
