export * from './clock.js';
export * from './databases.js';
export type { DevKafka } from './kafka.js';
export * from './log.js';
export * from './ports.js';
export * from './postgres.js';
export * from './process.js';
export * from './remove-data.js';
export * from './unavailable.js';
