import { resolve } from 'node:path';
import { FixtureProject } from '../support/tools/fixture-project.js';

interface Report {
  readonly diagnostics: readonly { readonly filename: string; readonly code: string }[];
}

const long = (lines: number) => Array.from({ length: lines }, (_, i) => `export const line${i} = ${i};`).join('\n');

const violations: readonly (readonly [code: string, file: string, text: string])[] = [
  ['eslint(max-lines)', 'libs/kernel/src/heap.ts', long(251)],
  [
    'typescript(no-floating-promises)',
    'libs/kernel/src/floating.ts',
    'const later = () => Promise.resolve(1);\nexport function go(): void {\n  later();\n}\n',
  ],
  ['typescript(no-misused-promises)', 'libs/kernel/src/misused.ts', 'export const go = (): void => [1].forEach(async () => undefined);\n'],
  ['typescript(no-explicit-any)', 'libs/kernel/src/any.ts', 'export const loose = (x: any): boolean => Boolean(x);\n'],
  ['typescript(no-non-null-assertion)', 'libs/kernel/src/sure.ts', 'export const sure = (x?: number): number => x!;\n'],
  ['typescript(no-unsafe-member-access)', 'libs/kernel/src/unsafe.ts', "export const b = (): boolean => JSON.parse('{}').a === 1;\n"],
  [
    'typescript(switch-exhaustiveness-check)',
    'libs/kernel/src/half.ts',
    "export function half(x: 'a' | 'b'): void {\n  switch (x) {\n    case 'a':\n      console.log(x);\n  }\n}\n",
  ],
  ['eslint(eqeqeq)', 'libs/kernel/src/equal.ts', 'export const same = (a: number, b: number): boolean => a == b;\n'],
];

let found: Report['diagnostics'];
const project = new FixtureProject({
  ...Object.fromEntries(violations.map(([, file, text]) => [file, text])),
  'libs/kernel/src/full.ts': long(250),
  'libs/kernel/src/long.spec.ts': long(251),
});

beforeAll(async () => {
  const said = await project.run('oxlint', '--config', resolve('.oxlintrc.json'), '--type-aware', '--format', 'json', 'libs');
  found = (JSON.parse(said) as Report).diagnostics;
}, 60_000);
afterAll(() => project.remove());

const reported = (file: string) => found.filter(({ filename }) => filename === file).map(({ code }) => code);

describe('code that breaks a rule of the linter', () => {
  it.each(violations)('it is reported by rule %s only: %s', (code, file) => {
    expect(reported(file)).toEqual([code]);
  });
});

describe('a file of 250 lines, and a longer spec', () => {
  it.each(['libs/kernel/src/full.ts', 'libs/kernel/src/long.spec.ts'])('it is not reported: %s', (file) => {
    expect(reported(file)).toEqual([]);
  });
});
