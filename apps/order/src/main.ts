import { runService } from '@orderloom/platform';
import { order } from './order.module.js';

await runService(order);
