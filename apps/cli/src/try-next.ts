import type { Summary } from './summary.js';

const headers = `-H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: try-$RANDOM" -H 'Content-Type: application/json'`;

/** Three things to try while everything runs, as lines of text. */
export function tryNext(services: Readonly<Record<'order' | 'console', string>>, example?: Summary['example']): string[] {
  const { orderNumber, email } = example ?? { orderNumber: 'ORDER-NUMBER', email: 'somebody@example.com' };
  return [
    '',
    'Try next, in another terminal:',
    `  an order by e-mail   curl '${services.console}/orders?email=${encodeURIComponent(email)}'`,
    `  its timeline         curl '${services.console}/orders/${orderNumber}/timeline'`,
    '  cancel an order',
    `    TOKEN=$(curl -s '${services.order}/dev/token?sub=anna&role=service' | node -pe 'JSON.parse(fs.readFileSync(0)).token')`,
    `    curl -X POST '${services.order}/orders/${orderNumber}/cancellation' ${headers} -d '{"reason":"I changed my mind"}'`,
    '',
    'Ctrl-C stops everything; the data stay for the next start (npm start -- --fresh begins anew).',
  ];
}
