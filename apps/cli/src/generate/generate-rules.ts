import { rules } from '@orderloom/contracts';

/** Text of a spec by its path below the root. */
type Specs = ReadonlyMap<string, string>;
/** Paths of the specs that have tests of a rule, by its number. */
type TestsOfRules = ReadonlyMap<string, ReadonlySet<string>>;

const needTests = /^(ORD|LOG|REF|CS)-/;
/** Rules that are not built yet, or only in part. */
const incomplete = new Set(['ORD-02', 'ORD-07', 'REF-06']);
const ruleNumber = /\b[A-Z]{2,3}-\d{2}\b/g;
const titled = new Set(['describe', 'it', 'test']);

/**
 * The table of rules and their tests in Markdown, with links relative to `docs`. A test is one of a rule if its title or that of a
 * group around it has the rule's number. `faults` names the rules of orders, logistics, refunds and cross-cutting that are built and that no test has.
 */
export async function rulesTable(specs: Specs): Promise<{ table: string; faults: readonly string[] }> {
  const tests = await testsOfRules(specs);
  const rows = Object.entries(rules).map(([rule, text]) => {
    const links = [...(tests.get(rule) ?? [])].map(link).join(', ');
    const built = links === '' ? 'not built yet' : `in part: ${links}`;
    return `| ${rule} | ${text} | ${incomplete.has(rule) ? built : links} |`;
  });
  const untested = Object.keys(rules).filter((rule) => needTests.test(rule) && !incomplete.has(rule) && !tests.has(rule));
  return {
    table: ['| rule | text | tests |', '| --- | --- | --- |', ...rows].join('\n'),
    faults: untested.map((rule) => `rule ${rule} has no test: the title of a test of this rule must contain its number`),
  };
}

const link = (path: string): string => `[${path.replace(/^.*\/|\.spec\.ts$/g, '')}](../${path})`;

async function testsOfRules(specs: Specs): Promise<TestsOfRules> {
  const { default: ts } = await import('typescript');
  const found = new Map<string, Set<string>>();
  for (const [path, text] of specs) {
    if (text.search(ruleNumber) < 0) continue;
    for (const title of titlesOf(ts, text))
      for (const rule of title.match(ruleNumber) ?? []) found.set(rule, (found.get(rule) ?? new Set()).add(path));
  }
  return found;
}

/** The title of each test in the text of a spec, after the titles of the groups around it. */
function titlesOf(ts: typeof import('typescript'), text: string): readonly string[] {
  const titles: string[] = [];
  const visit = (node: import('typescript').Node, around: string): void => {
    let within = around;
    if (ts.isCallExpression(node)) {
      const kind = calledName(ts, node.expression);
      const [title] = node.arguments;
      if (titled.has(kind) && title && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) {
        within = `${around} ${title.getText()}`;
        if (kind !== 'describe') titles.push(within);
      }
    }
    node.forEachChild((child) => visit(child, within));
  };
  visit(ts.createSourceFile('any.spec.ts', text, ts.ScriptTarget.Latest, true), '');
  return titles;
}

/** `it` of `it(…)`, of `it` with a modifier, and of `it.each(…)(…)`. */
function calledName(ts: typeof import('typescript'), called: import('typescript').Expression): string {
  if (ts.isIdentifier(called)) return called.text;
  if (ts.isPropertyAccessExpression(called) || ts.isCallExpression(called) || ts.isTaggedTemplateExpression(called))
    return calledName(ts, ts.isTaggedTemplateExpression(called) ? called.tag : called.expression);
  return '';
}
