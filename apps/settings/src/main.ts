import { runService } from '@orderloom/platform';
import { settings } from './settings.module.js';

await runService(settings);
