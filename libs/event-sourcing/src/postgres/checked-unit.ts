import { storableJson } from '../recording/plain-data.js';
import { checkUnit, netDeadlines, type NetDeadlines, netRows, type NetRow } from '../recording/unit-check.js';
import type { UnitOfWork } from '../store.js';

/** A unit of work that can be stored as it is, and what it writes in the end. */
export interface CheckedUnit {
  readonly unit: UnitOfWork;
  readonly rows: readonly NetRow[];
  readonly deadlines: NetDeadlines;
  /** Body of the command's answer as JSON. */
  readonly answerJson: string;
  /** Names of all that it reads for its decision or writes: two units that share none can be one transaction. */
  readonly touches: readonly string[];
}

/** Throws what `checkUnit` throws, and `InvalidInput` for a row, a deadline or an answer that can't be stored. */
export function checkedUnit(unit: UnitOfWork): CheckedUnit {
  checkUnit(unit);
  const rows = netRows(unit.rows ?? []);
  const deadlines = netDeadlines(unit.deadlines ?? []);
  const answerJson = unit.command ? storableJson(unit.command.body, 'answer') : '';
  return { unit, rows, deadlines, answerJson, touches: touchesOf(unit, rows, deadlines) };
}

/** Whole tables are everybody's. */
export const isForAlone = ({ unit }: CheckedUnit): boolean => unit.restart !== undefined || unit.switchOver !== undefined;

function touchesOf(
  { appends = [], inbox, command, checkpoint }: UnitOfWork,
  rows: readonly NetRow[],
  { fires, cancels, sets }: NetDeadlines,
): string[] {
  const touches: string[] = [];
  for (const { stream } of appends) touches.push(`stream ${stream}`);
  if (inbox) touches.push(`inbox ${inbox.consumer} ${inbox.message}`);
  if (command) touches.push(`command ${command.id}`);
  for (const { table, key } of rows) touches.push(`row ${table} ${key}`);
  for (const { id } of fires) touches.push(`deadline ${id}`);
  for (const id of cancels) touches.push(`deadline ${id}`);
  for (const { id } of sets) touches.push(`deadline ${id}`);
  if (checkpoint) touches.push(`checkpoint ${checkpoint.name}`);
  return touches;
}
