import { runService } from '@orderloom/platform';
import { refund } from './refund.module.js';

await runService(refund);
