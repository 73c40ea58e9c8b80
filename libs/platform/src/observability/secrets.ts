const removed = '(removed)';

const secretName = '[\\w.-]{0,60}(?:authori[sz]ation|cookie|password|passwd|secret|token|api-?key|private_?key|jaas)[\\w.-]*';

/** Patterns of secrets and their replacements. */
const looks: readonly (readonly [RegExp, string])[] = [
  // fields by their name, in JSON and in JSON within JSON
  [new RegExp(`("${secretName}":)"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `$1"${removed}"`],
  [new RegExp(`(\\\\"${secretName}\\\\":\\s*)\\\\"(?:(?!\\\\").)*\\\\"`, 'gi'), `$1\\"${removed}\\"`],
  // headers and settings in a sentence: authorization: Basic bGk6bGk=, password=hunter2
  [new RegExp(`\\b(authorization\\s*[:=]\\s*(?:(?:bearer|basic)\\s+)?)[^\\s"\\\\,;]+`, 'gi'), `$1${removed}`],
  [/\b((?:bearer|basic)\s+)[\w.~+/=-]{6,}/gi, `$1${removed}`],
  [/\b((?:password|passwd|secret|token|access_token)\s*=\s*)(?:'[^']*'|\\"(?:(?!\\").)*\\"|[^\s&"\\,;]+)/gi, `$1${removed}`],
  // name and password in an address: postgres://order:hunter2@host; a password may hold an @ that nobody encoded
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"\\]*:)[^\s"\\]*@/gi, `$1${removed}@`],
  // signed tokens, and keys
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, removed],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----(?:(?!-----END)[^"])*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g, removed],
];

/** Removes everything that looks like a secret, and the `known` secrets. */
export function redactSecrets(text: string, known: readonly string[] = []): string {
  const unknown = known.flatMap(writings).reduce((rest, secret) => rest.replaceAll(secret, removed), text);
  return looks.reduce((rest, [look, left]) => rest.replace(look, left), unknown);
}

/** Forms of a secret in a log: plain, in JSON, in a URL. */
const writings = (secret: string): string[] => [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])];

const shortest = 6;

/** Passwords of the configuration. Short and common ones are left out, since their removal would garble the log. */
export function secretsOf(config: { DATABASE_URL?: string; KAFKA_SASL_PASSWORD?: string; KAFKA_SASL_PASSWORD_FILE?: string }): string[] {
  const { username = '', password = '' } = config.DATABASE_URL === undefined ? {} : new URL(config.DATABASE_URL);
  const plain = decodeURIComponent(password);
  const all = [plain === username ? '' : plain, config.KAFKA_SASL_PASSWORD ?? '', config.KAFKA_SASL_PASSWORD_FILE ?? ''];
  return all.filter((secret) => secret.length >= shortest);
}
