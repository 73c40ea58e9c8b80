import { startPartners } from './partners.js';
import { settingsFrom } from './settings.js';

const partners = await startPartners(settingsFrom(process.env));
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void partners.close().finally(() => process.exit(0)));
}
