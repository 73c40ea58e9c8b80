import { createDatabase } from '@orderloom/dev-services';
import { describeLog } from '../contract/log.contract.js';
import { EmbeddedLog } from './embedded-log.js';

const url = createDatabase(process.env['TEST_DATABASE_URL'] ?? '', `log_spec_${process.pid}_${Date.now()}`);

describeLog('embedded in Postgres', async () => new EmbeddedLog({ url: await url, clientId: 'test' }));
