/** Returns true if a retry may succeed: connection and resource errors, deadlocks and serialization failures. */
export const isTransient = (error: unknown): boolean =>
  /^(08|40|53|55P03|57P|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)/.test(codeOf(error)) ||
  (error instanceof Error && /Connection terminated|connection timeout|timeout exceeded when trying to connect/i.test(error.message));

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? '';
