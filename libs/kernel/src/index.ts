export * from './calendar.js';
export * from './english-calendar.js';
export * from './errors.js';
export * from './ids.js';
export * from './instant.js';
export * from './money.js';
export * from './policy.js';
export * from './timers.js';
