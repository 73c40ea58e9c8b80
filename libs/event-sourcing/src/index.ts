export * from './decider/decider.js';
export * from './decider/event.js';
export * from './decider/execute.js';
export * from './decider/decider-specification.js';
export * from './memory/memory-store.js';
export { eventSourcingMigrations } from './postgres/migrations.js';
export { type MigrationClass, poolOf, type PostgresOptions, allSettledInOneWrite, withClient } from './postgres/postgres-pool.js';
export * from './postgres/postgres-store.js';
export { republish } from './restore/republish.js';
export { resetTransactionIds } from './restore/reset-transaction-ids.js';
export { prepared, storeNow } from './postgres/sql.js';
export * from './relay/publication.js';
export { type OnCauseFromFuture } from './store/recording/hybrid-logical-clock.js';
export { eventId, shardHash } from './store/recording/prepare-events.js';
export { rebuildRowsMigration } from './projections/rebuilt-rows.js';
export { asyncProjectionTables, indexing, rowTable } from './postgres/row-table.js';
export { type Rejections } from './rejections/rejections.js';
export * from './store/store.js';
export { type CommandDone, commandsDone } from './telemetry.js';
export * from './consumer/subscription.js';
export * from './decider/upcasters.js';
export * from './relay/relay.js';
export * from './projections/async-projection.js';
export * from './consumer/consumer.js';
export { type PageRequest } from './parking/parked-list.js';
export { type Failure, type ListedRecord, type ParkedRecord, type RecordSealing } from './parking/parked-record.js';
export { setConsumedOffsets } from './consumer/consumed-offsets.js';
export { listGaps, type RetentionGap, gapRow, resolveGap } from './consumer/retention-gaps.js';
export {
  operatorActionRow,
  type OperatorAction,
  listOperatorActions,
  storedOperatorAction,
  type StoredOperatorAction,
} from './parking/operator-actions.js';
export { Retries, type Retry } from './consumer/retries.js';
export { divergence, divergences, type UnknownRecord } from './restore/divergence.js';
export { type DiscardedRange, discardRanges, DiscardedRanges } from './restore/discarded-ranges.js';
export * from './audit/checks.js';
export * from './audit/audit-snapshot.js';
export * from './audit/publication-check.js';
export { withSnapshot } from './audit/postgres-snapshot.js';
