import type { FastifyReply } from 'fastify';

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
