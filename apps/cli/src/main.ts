import { Unavailable } from '@orderloom/dev-services';

type Command = (args: readonly string[]) => Promise<number | void>;
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start.js')).start,
  feed: async () => (await import('./feed.js')).feed,
  token: async () => (await import('./token.js')).token,
  generate: async () => {
    const { generate } = await import('./generate.js');
    return (args) => generate(args, process.cwd());
  },
  parked: async () => (await import('./parked.js')).parked,
  rebase: async () => (await import('./rebase.js')).rebase,
  missed: async () => (await import('./missed.js')).missed,
  republish: async () => (await import('./republish.js')).republish,
  diverged: async () => (await import('./diverged.js')).diverged,
  audit: async () => (await import('./audit.js')).audit,
  simulate: async () => (await import('./simulate.js')).simulate,
  forget: async () => (await import('./forget.js')).forget,
  'dev-services': async () => (await import('./dev-services.js')).devServices,
};

const [name = '', ...args] = process.argv.slice(2);
try {
  const command = Object.hasOwn(commands, name) ? await commands[name]?.() : undefined;
  if (!command) throw new Unavailable(`There is no command "${name}": say one of ${Object.keys(commands).join(', ')}.`);
  process.exitCode = (await command(args)) ?? 0;
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof Unavailable ? error.message : error);
}
