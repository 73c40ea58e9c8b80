export { type Contacts } from './contacts.js';
export * from './key-ring.js';
export { MasterKey, readMasterKey, SealingKey } from './sealing-key.js';
