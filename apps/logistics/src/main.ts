import { runService } from '@orderloom/platform';
import { logistics } from './logistics.module.js';

await runService(logistics);
