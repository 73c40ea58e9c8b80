import { roles } from '@orderloom/contracts';
import { eventStoreServices } from './stack/services.js';

/** Help of a command, for `--help`. */
export interface CommandHelp {
  /** Arguments: `[--bare] [--fresh]`. */
  readonly usage: string;
  readonly description: string;
  /** Description of each argument. */
  readonly options?: Readonly<Record<string, string>>;
}

type Command = (args: readonly string[]) => Promise<number | void>;

/** All commands of `npm run cli --`. `start`, `feed`, `generate` and `dev-services` also have npm scripts. */
export const commands: Readonly<Record<string, CommandHelp & { readonly load: () => Promise<Command> }>> = {
  start: {
    usage: '[--bare] [--fresh]',
    description:
      'Starts Postgres, Kafka and all services in this folder, and replays a week of real sales data. Ctrl-C stops them; data stay in .orderloom.',
    options: {
      '--bare': 'does not replay the sales data; services wait for your orders',
      '--fresh': 'deletes the data of earlier starts first',
      'ORDER_PORT, LOGISTICS_PORT, REFUND_PORT, AFTER_SALES_PORT, SETTINGS_PORT, CONSOLE_PORT':
        'environment variables: ports of the services; 0 selects a free port',
      'DATABASE_URL, KAFKA_BROKERS': 'environment variables: addresses of an existing Postgres or Kafka to use',
    },
    load: async () => (await import('./commands/start.js')).start,
  },
  feed: {
    usage: 'FILE [--fresh]',
    description: 'Replays a sales data set (.csv or .csv.gz) through all services. A second run continues where the first one stopped.',
    options: { '--fresh': 'deletes the data of earlier starts first' },
    load: async () => (await import('./commands/feed.js')).feed,
  },
  token: {
    usage: '[ROLE [NAME]]',
    description: 'Prints a bearer token of this folder for a role, valid for 12 hours; without arguments, one token per role.',
    options: { ROLE: `one of ${roles.join(', ')}`, NAME: 'name of the person, recorded with what they do; dev by default' },
    load: async () => (await import('./commands/token.js')).token,
  },
  generate: {
    usage: '[--check]',
    description: 'Writes the files derived from the code: contracts with samples, charts, permission table, pages of the teams.',
    options: { '--check': 'writes nothing; fails if a file is out of date' },
    load: async () => {
      const { generate } = await import('./generate/generate.js');
      return (args) => generate(args, process.cwd());
    },
  },
  parked: {
    usage: '[redrive ID | dismiss ID REASON | repairs]',
    description: 'Lists parked messages and flows; retries or dismisses one of them.',
    options: {
      'redrive ID': 'retries the message or flow, then the messages that wait behind it',
      'dismiss ID REASON': 'gives it up for good and records the reason; the messages behind it continue',
      repairs: 'lists operator actions on parked messages and flows',
    },
    load: async () => (await import('./commands/parked.js')).parked,
  },
  settings: {
    usage: '[show | history | check FILE | apply FILE]',
    description: 'Shows the settings of the installation, or applies those of a YAML file as a new version.',
    options: {
      'show [--at TIME | --version N]': 'prints the settings in force, at a time, or of a version, as a file that can be applied',
      history: 'lists all versions with what each changed',
      'check FILE': 'prints what the file would change and what is wrong with it',
      'apply FILE': 'prints the same, asks for confirmation and applies the file as a new version',
      '--effective-from TIME': 'check, apply: start of the version, such as 2027-01-01T00:00:00+08:00; now by default',
      '--recompute': 'apply: counts open deadlines again by the new settings',
      '--reason TEXT': 'apply: recorded with the version',
      '--yes': 'apply: does not ask for confirmation',
    },
    load: async () => (await import('./settings/settings-command.js')).settings,
  },
  rebase: {
    usage: '',
    description:
      'Resets transaction ids after a dump was restored into another cluster, so that events are readable. The services must be stopped.',
    load: async () => (await import('./commands/rebase.js')).rebase,
  },
  missed: {
    usage: '[resolve ID REASON]',
    description: 'Lists records that retention deleted before a service consumed them, or marks such a gap as resolved.',
    options: { 'resolve ID REASON': 'marks a gap as resolved, with who did it and why: it no longer fails the audit' },
    load: async () => (await import('./commands/missed.js')).missed,
  },
  republish: {
    usage: 'SERVICE --since TIME',
    description: 'Makes a stopped service publish the events since TIME again at its next start.',
    options: { SERVICE: `one of ${eventStoreServices.join(', ')}`, '--since TIME': 'such as 2010-12-01T08:00:00Z' },
    load: async () => (await import('./commands/republish.js')).republish,
  },
  diverged: {
    usage: '[accept --reason REASON]',
    description: 'Lists records on topics that a restored store lacks, or discards them for all services, which must be stopped.',
    options: { 'accept --reason REASON': 'discards the listed records and records the reason' },
    load: async () => (await import('./commands/diverged.js')).diverged,
  },
  audit: {
    usage: '',
    description: 'Checks the invariants on the committed data of this folder (or DATABASE_URL). The exit code is 1 if one is violated.',
    load: async () => (await import('./commands/audit.js')).audit,
  },
  simulate: {
    usage: '[--seeds N] [--from N] [--seed N]',
    description: 'Runs all services in one process with simulated time and injected faults, and checks the invariants.',
    options: {
      '--seeds N': 'number of seeds; 1000 by default',
      '--from N': 'first seed; 0 by default',
      '--seed N': 'runs one seed and prints its trace',
    },
    load: async () => (await import('./commands/simulate.js')).simulate,
  },
  forget: {
    usage: 'CUSTOMER',
    description: 'Erases a customer (number or e-mail): destroys their key, which makes their data unreadable.',
    load: async () => (await import('./commands/forget.js')).forget,
  },
  'dev-services': {
    usage: '',
    description: 'Starts a Postgres and a Kafka for tests, which run until Ctrl-C.',
    load: async () => (await import('./commands/dev-services.js')).devServices,
  },
};

const scripts = ['start', 'feed', 'generate', 'dev-services'];

/** Command line of a command: `npm start -- [--bare]`. */
function commandLine(name: string, { usage }: CommandHelp): string {
  const script = name === 'start' ? 'npm start' : scripts.includes(name) ? `npm run ${name}` : `npm run -s cli -- ${name}`;
  return [script, scripts.includes(name) && usage !== '' ? '--' : '', usage].filter(Boolean).join(' ');
}

/** Help of one command, as lines of text. */
export function helpOf(name: string, command: CommandHelp): string[] {
  const options = Object.entries(command.options ?? {}).map(([option, what]) => `  ${option}\n      ${what}`);
  return [commandLine(name, command), '', command.description, ...(options.length > 0 ? ['', ...options] : [])];
}

/** All commands, as lines of text. */
export const helpOfAll = (): string[] => [
  'Orderloom: commands (each with --help)',
  '',
  ...Object.entries(commands).map(([name, command]) => `${commandLine(name, command)}\n      ${command.description}`),
];
