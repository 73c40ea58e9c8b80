import { storableJson } from '../../store/recording/plain-data.js';
import {
  validateUnit,
  normaliseDeadlines,
  type NormalisedDeadlines,
  normaliseRows,
  type NormalisedRow,
} from '../../store/recording/normalise-unit.js';
import type { UnitOfWork } from '../../store/store.js';

/** A validated unit of work, with its rows and deadlines reduced to the last write per key. */
export interface ValidatedUnit {
  readonly unit: UnitOfWork;
  readonly rows: readonly NormalisedRow[];
  readonly deadlines: NormalisedDeadlines;
  /** Body of the command's response, as JSON text. */
  readonly responseJson: string;
  /** Names of everything the unit reads for its decision or writes. Units without a common name can share a transaction. */
  readonly conflictKeys: readonly string[];
}

/**
 * Validates and normalises `unit`. Throws what `validateUnit` throws, and `InvalidInput` for a row, deadline or response that cannot be
 * stored.
 */
export function validatedUnit(unit: UnitOfWork): ValidatedUnit {
  validateUnit(unit);
  const rows = normaliseRows(unit.rows ?? []);
  const deadlines = normaliseDeadlines(unit.deadlines ?? []);
  const responseJson = unit.command ? storableJson(unit.command.body, 'answer') : '';
  return { unit, rows, deadlines, responseJson, conflictKeys: conflictKeysOf(unit, rows, deadlines) };
}

/** A unit that rewrites whole tables conflicts with every other unit, so it needs a transaction of its own. */
export const needsOwnTransaction = ({ unit }: ValidatedUnit): boolean => unit.restart !== undefined || unit.switchOver !== undefined;

function conflictKeysOf(
  { appends = [], inbox, command, checkpoint }: UnitOfWork,
  rows: readonly NormalisedRow[],
  { fires, cancels, sets }: NormalisedDeadlines,
): string[] {
  const keys: string[] = [];
  for (const { stream } of appends) keys.push(`stream ${stream}`);
  if (inbox) keys.push(`inbox ${inbox.consumer} ${inbox.message}`);
  if (command) keys.push(`command ${command.id}`);
  for (const { table, key } of rows) keys.push(`row ${table} ${key}`);
  for (const { id } of fires) keys.push(`deadline ${id}`);
  for (const id of cancels) keys.push(`deadline ${id}`);
  for (const { id } of sets) keys.push(`deadline ${id}`);
  if (checkpoint) keys.push(`checkpoint ${checkpoint.name}`);
  return keys;
}
