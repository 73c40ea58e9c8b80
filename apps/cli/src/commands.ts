/** What a command does, for `--help`. */
export interface CommandHelp {
  /** Its arguments: `[--bare] [--fresh]`. */
  readonly usage: string;
  readonly says: string;
  /** Each argument, and what it is for. */
  readonly options?: Readonly<Record<string, string>>;
}

type Command = (args: readonly string[]) => Promise<number | void>;

/** Every command of `npm run cli --`; `start`, `feed` and `dev-services` have npm scripts of their own. */
export const commands: Readonly<Record<string, CommandHelp & { readonly load: () => Promise<Command> }>> = {
  start: {
    usage: '[--bare] [--fresh]',
    says: 'Starts Postgres, Kafka and all services in this folder, and plays a week of a real shop; Ctrl-C stops them. Data stay in .orderloom.',
    options: {
      '--bare': 'without the week of the shop: services wait for your own orders',
      '--fresh': 'without the data of before: they are deleted first',
      'ORDER_PORT, LOGISTICS_PORT, REFUND_PORT, AFTER_SALES_PORT, CONSOLE_PORT': 'ports (environment), 0 for any free one',
      'DATABASE_URL, KAFKA_BROKERS': 'a Postgres or Kafka of your own (environment) instead of started ones',
    },
    load: async () => (await import('./start.js')).start,
  },
  feed: {
    usage: 'FILE [--fresh]',
    says: 'Plays the books of a shop (.csv or .csv.gz) through all services; a second run goes on where the first one stopped.',
    options: { '--fresh': 'without the data of before: they are deleted first' },
    load: async () => (await import('./feed.js')).feed,
  },
  token: {
    usage: '[ROLE [NAME]]',
    says: 'Prints a bearer token of this folder for a role; without a role, one of each.',
    load: async () => (await import('./token.js')).token,
  },
  generate: {
    usage: '[--check]',
    says: 'Writes what is derived from the code: contracts, charts, permissions.',
    options: { '--check': 'writes nothing, and fails where something is out of date' },
    load: async () => {
      const { generate } = await import('./generate.js');
      return (args) => generate(args, process.cwd());
    },
  },
  parked: {
    usage: '[redrive ID | dismiss ID REASON | repairs]',
    says: 'Lists messages and flows that wait for somebody, handles one again, or gives it up.',
    options: {
      'redrive ID': 'handles it again',
      'dismiss ID REASON': 'gives it up, and says why',
      repairs: 'lists what was done about them',
    },
    load: async () => (await import('./parked.js')).parked,
  },
  rebase: {
    usage: '',
    says: 'Makes databases that were restored from a dump into another cluster readable again; the services must not run.',
    load: async () => (await import('./rebase.js')).rebase,
  },
  missed: {
    usage: '[resolve ID REASON]',
    says: 'Lists records that a topic no longer had when a service came to them, or says that one was seen to.',
    load: async () => (await import('./missed.js')).missed,
  },
  republish: {
    usage: 'SERVICE --since TIME',
    says: 'Makes a stopped service publish again what it has recorded since TIME (2010-12-01T08:00:00Z), when it is started.',
    load: async () => (await import('./republish.js')).republish,
  },
  diverged: {
    usage: '[accept --reason REASON]',
    says: 'Lists what topics know and a restored store does not, or gives it up for all services, which must not run.',
    load: async () => (await import('./diverged.js')).diverged,
  },
  audit: {
    usage: '',
    says: 'Checks the invariants on the committed data of this folder (or DATABASE_URL); ends with 1 where one does not hold.',
    load: async () => (await import('./audit.js')).audit,
  },
  simulate: {
    usage: '[--seeds N] [--from N] [--seed N]',
    says: 'Runs all services in one process in simulated time with faults, and checks the invariants.',
    options: {
      '--seeds N': 'how many seeds, 1000 unless said',
      '--from N': 'the first seed, 0 unless said',
      '--seed N': 'one seed, with its story',
    },
    load: async () => (await import('./simulate.js')).simulate,
  },
  forget: {
    usage: 'CUSTOMER',
    says: 'Destroys the key of a customer (number or e-mail): nobody can read their data again.',
    load: async () => (await import('./forget.js')).forget,
  },
  'dev-services': {
    usage: '',
    says: 'Starts a Postgres and a Kafka for tests, which stay until Ctrl-C.',
    load: async () => (await import('./dev-services.js')).devServices,
  },
};

export const asksForHelp = (args: readonly string[]): boolean => args.some((arg) => arg === '--help' || arg === '-h');

const scripts = ['start', 'feed', 'generate', 'dev-services'];

/** How one types it: `npm start -- [--bare]`. */
function typed(name: string, { usage }: CommandHelp): string {
  const script = name === 'start' ? 'npm start' : scripts.includes(name) ? `npm run ${name}` : `npm run -s cli -- ${name}`;
  return [script, scripts.includes(name) && usage !== '' ? '--' : '', usage].filter(Boolean).join(' ');
}

/** Help of one command, as lines of text. */
export function helpOf(name: string, command: CommandHelp): string[] {
  const options = Object.entries(command.options ?? {}).map(([option, what]) => `  ${option}\n      ${what}`);
  return [typed(name, command), '', command.says, ...(options.length > 0 ? ['', ...options] : [])];
}

/** All commands, as lines of text. */
export const helpOfAll = (): string[] => [
  'Orderloom: commands (each with --help)',
  '',
  ...Object.entries(commands).map(([name, command]) => `${typed(name, command)}\n      ${command.says}`),
];
