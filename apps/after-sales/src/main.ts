import { runService } from '@orderloom/platform';
import { afterSales } from './after-sales.module.js';

await runService(afterSales);
