import { partsOf } from '@orderloom/contracts';
import type { EventStore, RowWrite } from '@orderloom/event-sourcing';
import { type Calendar, type Instant, millis } from '@orderloom/kernel';
import { inForceAt, type Recomputing, recomputingAt, type SettingsVersion, StorefrontSettings } from './in-force.js';

const table = 'settings';
const headKey = 'head';
const rowKey = (version: number): string => `version-${version}`;

/** The versions that a copy has, each with the message that brought it. */
interface Head {
  readonly versions: readonly { readonly version: number; readonly message: string }[];
}

/** Another process of the service may have consumed a version meanwhile. */
const staleAfterMs = 1_000;

/** A service's copy of all versions of the settings, in its own database. */
export class SettingsCopy {
  private readonly loaded = new Map<string, SettingsVersion>();
  private versions: readonly SettingsVersion[] = [];
  private readAt = Number.NaN;
  private reading: Promise<void> | undefined;

  constructor(private readonly store: Pick<EventStore, 'row'>) {}

  /** Settings in force at `now` (by the store's clock) for the storefront of `subject`, an order number. */
  async of(subject: string, now: Instant): Promise<StorefrontSettings> {
    if (!(Math.abs(millis(now) - this.readAt) < staleAfterMs)) await this.read(millis(now));
    return StorefrontSettings.of(inForceAt(this.versions, now), partsOf(subject).storefront);
  }

  /** Rows that keep a version; for the unit of work of the message that brings it. Redelivered, they are the same. */
  async rowsOf(settings: SettingsVersion, message: string): Promise<readonly RowWrite[]> {
    const others = ((await this.head())?.versions ?? []).filter(({ version }) => version !== settings.version);
    const versions = [...others, { version: settings.version, message }].sort((a, b) => a.version - b.version);
    return [
      { op: 'put', table, key: rowKey(settings.version), row: settings },
      { op: 'put', table, key: headKey, row: { versions } satisfies Head },
    ];
  }

  /** The next decision reads the rows again. */
  expire(): void {
    this.readAt = Number.NaN;
  }

  /** The version by which open deadlines are counted anew at `now`, if any. */
  async recomputing(now: Instant): Promise<Recomputing | undefined> {
    await this.read(millis(now));
    return recomputingAt(this.versions, now);
  }

  /** Calendars of the storefronts that are in force at `now` or will be, for alarms. */
  async calendars(now: Instant): Promise<readonly Calendar[]> {
    await this.read(millis(now));
    const current = inForceAt(this.versions, now);
    const later = this.versions.filter(({ effectiveFrom }) => effectiveFrom > now);
    const used = [current, ...later].flatMap((version) =>
      version
        ? Object.keys(version.document.storefronts).map((id) => StorefrontSettings.of(version, id))
        : [StorefrontSettings.of(undefined, 'main')],
    );
    return [...new Map(used.map(({ calendar }) => [calendar.name, calendar])).values()];
  }

  private head = (): Promise<Head | null> => this.store.row<Head>(table, headKey);

  private read(at: number): Promise<void> {
    this.reading ??= this.readRows(at).finally(() => (this.reading = undefined));
    return this.reading;
  }

  private async readRows(at: number): Promise<void> {
    const { versions = [] } = (await this.head()) ?? {};
    const rows = await Promise.all(versions.map((one) => this.version(one)));
    this.versions = rows.flatMap((row) => row ?? []);
    this.readAt = at;
  }

  /** A version never changes, unless the settings were restored to an earlier state and another message brings it. */
  private async version({ version, message }: Head['versions'][number]): Promise<SettingsVersion | null> {
    const key = `${version} ${message}`;
    const known = this.loaded.get(key) ?? (await this.store.row<SettingsVersion>(table, rowKey(version)));
    if (known) this.loaded.set(key, known);
    return known;
  }
}
