export * from './diff.js';
export * from './in-force.js';
export * from './migrations.js';
export * from './read-settings.js';
export * from './settings-copy.js';
