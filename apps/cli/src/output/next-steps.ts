import type { Summary } from './summary.js';

const token = '-H "Authorization: Bearer $TOKEN"';
const headers = `${token} -H "Idempotency-Key: try-$RANDOM" -H 'Content-Type: application/json'`;

/** Three requests to try while everything runs, as lines of text. */
export function nextSteps(services: Readonly<Record<'order' | 'console', string>>, example?: Summary['example']): string[] {
  const { orderNumber, email } = example ?? { orderNumber: 'ORDER-NUMBER', email: 'somebody@example.com' };
  return [
    '',
    example ? 'Try next, in another terminal:' : 'Send an order first (README, "Send an order"). Then try, in another terminal:',
    '  a token for you      TOKEN=$(npm run -s cli -- token service anna)',
    `  an order by e-mail   curl ${token} '${services.console}/orders?email=${encodeURIComponent(email)}'`,
    `  its timeline         curl ${token} '${services.console}/orders/${orderNumber}/timeline'`,
    `  cancel an order      curl -X POST '${services.order}/orders/${orderNumber}/cancellation' ${headers} -d '{"reason":"I changed my mind"}'`,
    '',
    'Ctrl-C stops everything. The data stay for the next start; npm start -- --fresh deletes them.',
  ];
}
