import { InvalidInput } from '@orderloom/kernel';
import type { Log, OutgoingRecord } from '@orderloom/messaging';
import { Counter, type Registry } from 'prom-client';
import { type CourierReport, translate } from './courier-report.js';
import type { StatusTable } from './status-table.js';

/** Reports that cannot be read, with the position of each among all. */
export interface RefusedReport {
  readonly index: number;
  readonly errors: InvalidInput['errors'];
}

/** Counts of published reports, and the refused ones. */
export interface IntakeResult {
  readonly scans: number;
  readonly unknownStatuses: number;
  readonly noScans: number;
  readonly refused: readonly RefusedReport[];
}

/** LOG-01: both adapters write what couriers write, so that logistics takes in, parks and refuses on one path. */
export class Intake {
  private readonly reports: Counter<'system' | 'outcome'>;
  private readonly unknown: Counter<'system' | 'status'>;

  constructor(
    private readonly log: Pick<Log, 'publish'>,
    private readonly table: StatusTable,
    metrics: Registry,
  ) {
    this.reports = new Counter({
      name: 'orderloom_courier_reports_total',
      help: 'Reports of couriers by their system and outcome: scan, unknown-status, no-scan, refused',
      labelNames: ['system', 'outcome'],
      registers: [metrics],
    });
    this.unknown = new Counter({
      name: 'orderloom_courier_unknown_statuses_total',
      help: 'Reports with a status that the table does not translate',
      labelNames: ['system', 'status'],
      registers: [metrics],
    });
  }

  /** Publishes what can be read of `reports`; resolves once the log has acknowledged it, and rejects where the log does not. */
  async take(reports: readonly CourierReport[]): Promise<IntakeResult> {
    const records: OutgoingRecord[] = [];
    const refused: RefusedReport[] = [];
    const counted: { system: string; outcome: string; status: string }[] = [];
    reports.forEach((report, index) => {
      try {
        const { meaning, status, record } = translate(report, this.table);
        if (record) records.push(record);
        counted.push({ system: report.system, outcome: outcomes[meaning] ?? 'scan', status });
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        refused.push({ index, errors: error.errors });
        counted.push({ system: report.system, outcome: 'refused', status: '' });
      }
    });
    if (records.length > 0) await this.log.publish(records);
    // counted once it is written: what fails is sent again
    for (const { system, outcome, status } of counted) {
      this.reports.labels(system, outcome).inc();
      if (outcome === 'unknown-status') this.unknown.labels(system, status).inc();
    }
    const of = (outcome: string) => counted.filter((one) => one.outcome === outcome).length;
    return { scans: of('scan'), unknownStatuses: of('unknown-status'), noScans: of('no-scan'), refused };
  }
}

const outcomes: Readonly<Record<string, string>> = { unknown: 'unknown-status', 'no-scan': 'no-scan' };
