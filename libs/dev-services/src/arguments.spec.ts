import { asksForHelp, readArguments } from './arguments.js';
import { Unavailable } from './unavailable.js';

const usage = 'npm run feed -- FILE [--fresh] [--from N]';
const read = (...args: string[]) =>
  readArguments(args, { usage, positionals: 1, options: { fresh: { type: 'boolean', default: false }, from: { type: 'string' } } });

describe('the arguments of a command', () => {
  it('are its options and positional arguments, in any order', () => {
    const { values, positionals } = read('--fresh', 'a.csv', '--from', '3');
    expect(positionals).toEqual(['a.csv']);
    expect(values).toEqual({ fresh: true, from: '3' });
  });

  it.each([
    ['an unknown option', ['--frsh'], "Unknown option '--frsh'"],
    ['an option without its value', ['--from'], '--from'],
    ['a value for an option without one', ['--fresh=yes'], '--fresh'],
    ['one positional argument too many', ['a.csv', 'b.csv'], 'Unexpected argument "b.csv"'],
  ])('refuse %s by its name, with the correct use', (_, args, named) => {
    expect(() => read(...args)).toThrow(Unavailable);
    expect(() => read(...args)).toThrow(named);
    expect(() => read(...args)).toThrow(`use ${usage}.`);
  });

  it('refuse every argument of a command without arguments', () => {
    expect(() => readArguments(['now'], { usage: 'npm run -s cli -- audit' })).toThrow(
      'Unexpected argument "now": use npm run -s cli -- audit.',
    );
  });

  it.each([[['--help']], [['a.csv', '-h']]])('ask for help with %j', (args) => expect(asksForHelp(args)).toBe(true));
});
