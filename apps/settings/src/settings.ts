import { settingsApplied } from '@orderloom/contracts';
import type { Decider, Fact } from '@orderloom/event-sourcing';
import { fingerprint, type Instant, InvalidInput, Refusal } from '@orderloom/kernel';
import { calendarEnds, readSettings, type SettingsVersion } from '@orderloom/settings';

// This name is stored for ever.
export type SettingsEvent = Fact<'SettingsApplied', SettingsVersion>;

export type SettingsCommand = {
  readonly type: 'ApplySettings';
  /** The latest version that the sender knows; 0 if there is none. */
  readonly expected: number;
  /** As given: missing fields have their defaults. */
  readonly document: unknown;
  /** Default: now. */
  readonly effectiveFrom?: Instant | undefined;
  /** Open deadlines are counted anew, too. */
  readonly recompute?: boolean | undefined;
  readonly reason?: string | undefined;
  readonly now: Instant;
  readonly by: string;
};

export interface SettingsState {
  readonly versions: readonly SettingsVersion[];
}

/** The settings of an installation are one stream. */
export const installation = 'installation';

const evolve = ({ versions }: SettingsState, { data }: SettingsEvent): SettingsState => ({ versions: [...versions, data] });

/**
 * Refuses an invalid document by field, a version that is not the latest (`settings-changed`), and a start in the past; the first version
 * may start at any time. Content that is the latest already is no new version,
 * unless it is to be recomputed for the first time.
 */
function decide(command: SettingsCommand, { versions }: SettingsState): readonly SettingsEvent[] {
  const { expected, now, by, reason, recompute = false } = command;
  const document = readSettings(command.document);
  const last = versions.at(-1);
  const latest = last?.version ?? 0;
  const isSameStart = command.effectiveFrom === undefined || command.effectiveFrom === last?.effectiveFrom;
  const isRecomputed = !recompute || last?.recompute === true;
  if (last && isSameStart && isRecomputed && fingerprint(document) === fingerprint(last.document)) return [];
  if (expected !== latest)
    throw new Refusal(
      'settings-changed',
      `version ${expected} was expected, but ${latest} is the latest: read it, change it, and expect ${latest}`,
      'CS-02',
    );
  const effectiveFrom = command.effectiveFrom ?? now;
  if (last && effectiveFrom < now)
    throw new InvalidInput([
      { field: 'effectiveFrom', message: `is ${effectiveFrom}, before now (${now}): past decisions keep their settings (CS-02)` },
    ]);
  const ended = calendarEnds(document, effectiveFrom).filter((end) => end.ended);
  if (ended.length > 0) throw new InvalidInput(ended.map(({ field, message }) => ({ field, message: `${message} (CS-02)` })));
  const said = { ...(recompute && { recompute }), ...(reason !== undefined && { reason }) };
  return [{ type: 'SettingsApplied', data: { version: latest + 1, effectiveFrom, document, by, ...said } }];
}

/** The settings of the installation, version by version. */
export const settings: Decider<SettingsState, SettingsCommand, SettingsEvent> = {
  name: 'settings',
  initial: { versions: [] },
  evolve,
  decide,
  rules: { SettingsApplied: 'CS-02' },
  objects: ({ data }) => [{ type: 'settings', id: String(data.version) }],
  examples: { SettingsApplied: settingsApplied.data.parse(settingsApplied.example) },
};
