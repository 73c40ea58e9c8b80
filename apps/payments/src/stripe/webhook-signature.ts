import { createHmac, timingSafeEqual } from 'node:crypto';
import { HttpProblem } from '@orderloom/platform';

const header = 'Stripe-Signature';
const toleranceSeconds = 300;

/**
 * Checks the signature of a webhook (docs.stripe.com/webhooks/signature): `t=<seconds>,v1=<hex>`, where `v1` is the HMAC-SHA256 of
 * `<t>.<body>` under one of `secrets`; several `v1` are allowed. `now` in milliseconds. Throws a 400 that names the header and the rule.
 */
export function verifySignature(body: Buffer, value: string | string[] | undefined, secrets: readonly string[], now: number): void {
  if (typeof value !== 'string') throw refused('is required exactly once');
  const parts = value.split(',').map((part) => part.trim().split('=', 2) as [string, string?]);
  const times = parts.flatMap(([name, text = '']) => (name === 't' ? [text] : []));
  const signatures = parts.flatMap(([name, text = '']) => (name === 'v1' && /^[0-9a-f]{64}$/.test(text) ? [Buffer.from(text, 'hex')] : []));
  const [time = ''] = times;
  if (times.length !== 1 || !/^\d{1,12}$/.test(time)) throw refused('must have one t=<seconds since 1970>');
  if (signatures.length === 0) throw refused('must have a v1=<64 hexadecimal digits>');
  const expected = secrets.map((secret) => createHmac('sha256', secret).update(`${time}.`).update(body).digest());
  if (!expected.some((one) => signatures.some((given) => timingSafeEqual(one, given))))
    throw refused('v1 is not the HMAC-SHA256 of t, a dot and the body under a signing secret of this endpoint');
  const age = now / 1000 - Number(time);
  if (Math.abs(age) > toleranceSeconds)
    throw refused(
      `t is ${Math.round(Math.abs(age))} seconds ${age > 0 ? 'old' : 'ahead'}, more than ${toleranceSeconds}: a replay is refused`,
    );
}

const refused = (message: string): HttpProblem =>
  new HttpProblem(400, 'webhook-signature', `The header ${header} ${message}.`, {}, { errors: [{ field: header, message }] });
