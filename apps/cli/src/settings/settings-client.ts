import { TokenKeys, Unavailable } from '@orderloom/dev-services';
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';

/** A version of the settings, as the service shows it; version 0 are the defaults. */
export interface ShownVersion {
  readonly version: number;
  readonly latest: number;
  readonly effectiveFrom: string | null;
  readonly by: string | null;
  readonly recompute?: boolean;
  readonly reason?: string;
  readonly document: object;
}

/** A value that differs between two versions. */
export interface Change {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

interface Fault {
  readonly field: string;
  readonly message: string;
}

/** The changes that settings would make, and their errors. */
export interface Verdict {
  readonly latest: number;
  readonly changes: readonly Change[];
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}

export type PastVersion = Omit<ShownVersion, 'latest' | 'document'> & { readonly changes: readonly Change[] };

/** HTTP client of the settings service, as the role `operations`. Each call throws `Unavailable` with the reason of a refusal. */
export class SettingsClient {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async open(url: string, dir: string): Promise<SettingsClient> {
    const keys = await TokenKeys.findOrMake(dir);
    return new SettingsClient(url, await keys.sign('operations', userInfo().username));
  }

  show = (query: Readonly<Record<string, string>>): Promise<ShownVersion> => this.call(`/settings?${String(new URLSearchParams(query))}`);

  history = (): Promise<{ versions: readonly PastVersion[] }> => this.call('/settings/history');

  check = (document: unknown, effectiveFrom?: string): Promise<Verdict> =>
    this.call('/settings/check', { document, ...(effectiveFrom && { effectiveFrom }) });

  apply = (command: {
    readonly expected: number;
    readonly document: unknown;
    readonly effectiveFrom?: string;
    readonly recompute?: boolean;
    readonly reason?: string;
  }): Promise<{ version: number; effectiveFrom: string }> => this.call('/settings', command);

  private async call<T>(path: string, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
    const response = await fetch(this.url + path, init).catch((error: Error) => {
      throw new Unavailable(`settings is not reachable at ${this.url} (${error.message}): check its log in .orderloom/log.`);
    });
    const answer = (await response.json()) as T & { detail?: string; errors?: readonly Fault[] };
    if (response.ok) return answer;
    throw new Unavailable(
      [`settings refused the request: ${answer.detail ?? response.status}`, ...(answer.errors ?? []).map(faultLine)].join('\n'),
    );
  }
}

export const faultLine = ({ field, message }: Fault): string => `  ${field}: ${message}`;
