import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler, type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { defaultSettings, type SettingsDocument } from '@orderloom/contracts';
import { type CommandInput, type EventStore, stateOf } from '@orderloom/event-sourcing';
import { type FieldError, type Instant, InvalidInput, NotFound } from '@orderloom/kernel';
import { type CommandResponse, type CommandSource, EVENT_STORE, executeCommand } from '@orderloom/platform';
import {
  calendarEnds,
  type Difference,
  differences,
  inForceAt,
  readSettings,
  sharedAmounts,
  type SettingsVersion,
} from '@orderloom/settings';
import { installation, settings, type SettingsCommand, type SettingsState } from '../settings.js';

/** Applies settings as a new version. */
export class ApplySettings extends Command<CommandResponse> {
  constructor(
    readonly command: CommandInput<SettingsCommand>,
    readonly from: CommandSource,
  ) {
    super();
  }
}

@CommandHandler(ApplySettings)
export class ApplySettingsHandler implements ICommandHandler<ApplySettings> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ command, from }: ApplySettings): Promise<CommandResponse> {
    const answer = ({ versions }: SettingsState): CommandResponse => {
      const { version = 0, effectiveFrom = null } = versions.at(-1) ?? {};
      return { status: 200, body: { version, effectiveFrom } };
    };
    return executeCommand(this.store, settings, installation, command, from, answer);
  }
}

/** Returns the changes that settings would make, and their faults. */
export class CheckSettings extends Command<CommandResponse> {
  constructor(
    readonly document: unknown,
    readonly effectiveFrom: Instant | undefined,
  ) {
    super();
  }
}

@CommandHandler(CheckSettings)
export class CheckSettingsHandler implements ICommandHandler<CheckSettings> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ document: given, effectiveFrom }: CheckSettings): Promise<CommandResponse> {
    const { state, now } = await stateOf(this.store, settings, installation);
    const from = effectiveFrom ?? now;
    const latest = state.versions.at(-1)?.version ?? 0;
    try {
      const document = readSettings(given);
      const ends = calendarEnds(document, from);
      const changes = differences(documentOf(inForceAt(state.versions, from)), document);
      const errors = ends.filter(({ ended }) => ended).map(fieldError);
      const warnings = [
        ...ends.filter(({ ended }) => !ended).map(fieldError),
        ...sharedAmounts(document),
        ...superseded(state.versions, from),
      ];
      return { status: 200, body: { latest, changes, errors, warnings } };
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      return { status: 200, body: { latest, changes: [], errors: error.errors, warnings: [] } };
    }
  }
}

const fieldError = ({ field, message }: FieldError): FieldError => ({ field, message });

/** Versions that take effect later and replace one that starts at `from`. */
const superseded = (versions: readonly SettingsVersion[], from: Instant): FieldError[] =>
  versions
    .filter(({ effectiveFrom }) => effectiveFrom > from)
    .map(({ version, effectiveFrom }) => ({
      field: 'effectiveFrom',
      message: `version ${version} replaces these settings at ${effectiveFrom}: to keep them, apply them from that instant too`,
    }));

const documentOf = (version: SettingsVersion | undefined): SettingsDocument => version?.document ?? defaultSettings;

/** A version with its document; version 0 is the defaults. */
export interface ShownSettings extends Omit<VersionSummary, 'changes'> {
  readonly latest: number;
  readonly document: SettingsDocument;
}

export class ShowSettings extends Query<ShownSettings> {
  constructor(
    readonly at: Instant | undefined,
    readonly version: number | undefined,
  ) {
    super();
  }
}

@QueryHandler(ShowSettings)
export class ShowSettingsHandler implements IQueryHandler<ShowSettings> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ at, version }: ShowSettings): Promise<ShownSettings> {
    const { state, now } = await stateOf(this.store, settings, installation);
    const found = version ? state.versions[version - 1] : version === 0 ? undefined : inForceAt(state.versions, at ?? now);
    if (version && !found) throw new NotFound(`version ${version} of the settings`);
    return { ...summaryOf(found), latest: state.versions.length, document: documentOf(found) };
  }
}

/** A version without its document. */
export interface VersionSummary {
  readonly version: number;
  readonly effectiveFrom: Instant | null;
  readonly by: string | null;
  /** Open deadlines were counted anew. */
  readonly recompute?: boolean;
  readonly reason?: string;
  /** Compared with the previous version. */
  readonly changes: readonly Difference[];
}

export class ShowHistory extends Query<{ versions: readonly VersionSummary[] }> {}

@QueryHandler(ShowHistory)
export class ShowHistoryHandler implements IQueryHandler<ShowHistory> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute(): Promise<{ versions: readonly VersionSummary[] }> {
    const { versions } = (await stateOf(this.store, settings, installation)).state;
    const summaries = versions.map((one, i) => ({
      ...summaryOf(one),
      changes: differences(documentOf(versions[i - 1]), one.document),
    }));
    return { versions: summaries.reverse() };
  }
}

const summaryOf = (of: SettingsVersion | undefined): Omit<VersionSummary, 'changes'> => ({
  version: of?.version ?? 0,
  effectiveFrom: of?.effectiveFrom ?? null,
  by: of?.by ?? null,
  ...(of?.recompute && { recompute: true }),
  ...(of?.reason !== undefined && { reason: of.reason }),
});
