import type { AnyMachineSnapshot, AnyStateNode } from 'xstate';

interface Ask {
  readonly question: string;
  readonly team: string;
  /** Types that the asking state (or one around it) understands. */
  readonly answers: readonly string[];
}

/** Active states, innermost first. */
const active = (snapshot: AnyMachineSnapshot): AnyStateNode[] => [...snapshot._nodes].sort((a, b) => b.path.length - a.path.length);

/** The rule of the innermost active state, or of the one that asks `question`; undefined where the chart names none. */
export function ruleOf(snapshot: AnyMachineSnapshot, question?: string): string | undefined {
  const asking = question === undefined ? undefined : active(snapshot).find((node) => asksOf(node).some((a) => a.question === question));
  const node = asking ?? active(snapshot).find((n) => n.description !== undefined);
  return /[A-Z]{2,3}-\d\d/.exec(node?.description ?? '')?.[0];
}

/** The question as an active state asks it, if one does. */
export function questionAsked(snapshot: AnyMachineSnapshot, question: string): Ask | undefined {
  return active(snapshot)
    .flatMap(asksOf)
    .find((ask) => ask.question === question);
}

/** What a state asks at entry. */
export function asksOf(node: AnyStateNode): Ask[] {
  const answers = [...node.transitions.keys()].filter((type) => !type.startsWith('xstate.'));
  return node.entry.flatMap((action) => {
    const { type, question, team } = action as unknown as { type: string; question: string; team: string };
    return type === 'ask' ? [{ question, team, answers }] : [];
  });
}

/** Whether a state that can still be reached understands inputs of `type`. */
export function handledLater(snapshot: AnyMachineSnapshot, type: string): boolean {
  const seen = new Set<AnyStateNode>();
  const visit = (node: AnyStateNode): boolean => {
    if (seen.has(node)) return false;
    seen.add(node);
    if (node.transitions.has(type)) return true;
    const targets = [...node.transitions.values(), node.always ?? []].flat().flatMap((t) => t.target ?? []);
    const inner = node.type === 'compound' ? [node.initial.target].flat().flatMap((t) => t ?? []) : Object.values(node.states);
    return [...targets, ...inner].some((next) => visit(next as AnyStateNode));
  };
  return active(snapshot).some((node) => {
    const own = [...node.transitions.values(), node.always ?? []].flat().flatMap((t) => t.target ?? []);
    return own.some((next) => visit(next as AnyStateNode));
  });
}
