import { asksForHelp, readArguments } from './arguments.js';
import { Unavailable } from './unavailable.js';

const usage = 'npm run feed -- FILE [--fresh] [--from N]';
const read = (...args: string[]) =>
  readArguments(args, { usage, positionals: 1, options: { fresh: { type: 'boolean', default: false }, from: { type: 'string' } } });

describe('the arguments of a command', () => {
  it('options and positional arguments are accepted in any order', () => {
    const { values, positionals } = read('--fresh', 'a.csv', '--from', '3');
    expect(positionals).toEqual(['a.csv']);
    expect(values).toEqual({ fresh: true, from: '3' });
  });

  it.each([
    ['an unknown option', ['--frsh'], "Unknown option '--frsh'"],
    ['an option without its value', ['--from'], '--from'],
    ['a value for an option without one', ['--fresh=yes'], '--fresh'],
    ['one positional argument too many', ['a.csv', 'b.csv'], 'Unexpected argument "b.csv"'],
  ])('%s is refused by name, with the correct usage', (_, args, named) => {
    expect(() => read(...args)).toThrow(Unavailable);
    expect(() => read(...args)).toThrow(named);
    expect(() => read(...args)).toThrow(`use ${usage}.`);
  });

  it('a command without arguments refuses every argument', () => {
    expect(() => readArguments(['now'], { usage: 'npm run -s cli -- audit' })).toThrow(
      'Unexpected argument "now": use npm run -s cli -- audit.',
    );
  });

  it.each([[['--help']], [['a.csv', '-h']]])('help is requested by %j', (args) => expect(asksForHelp(args)).toBe(true));
});
