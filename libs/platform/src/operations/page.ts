import type { FastifyReply } from 'fastify';
import { z } from 'zod';

const most = 500;

/** Query parameters of a list in pages. */
export const page = { limit: z.coerce.number().int().min(1).max(most).default(most), after: z.string().min(1).max(200).optional() };
export const paged = '500 at most, or `limit`; the header `link` (rel="next") names the next page';

/** The first `limit` of `found`; the header `link` names the next page where there are more. */
export function pageOf<T>(
  found: readonly T[],
  limit: number,
  place: (row: T) => string,
  asked: Readonly<Record<string, string | undefined>>,
  reply: FastifyReply,
): T[] {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  if (found.length > limit && last !== undefined) {
    const given = Object.entries({ ...asked, limit: String(limit), after: place(last) });
    const query = new URLSearchParams(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
    reply.header('link', `<?${query.toString()}>; rel="next"`);
  }
  return shown;
}
