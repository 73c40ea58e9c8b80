export * from './cloud-event.js';
export * from './cloud-events.js';
export * from './embedded/embedded-log.js';
export * from './kafka-log.js';
export * from './kafka-logger.js';
export * from './log.js';
export * from './memory-log.js';
export * from './murmur2.js';
