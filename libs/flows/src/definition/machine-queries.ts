import type { AnyMachineSnapshot, AnyStateNode } from 'xstate';

interface Ask {
  readonly question: string;
  readonly team: string;
  /** Input types that the asking state or one of its parents handles. */
  readonly answers: readonly string[];
}

/** Active state nodes, innermost first. */
const activeNodes = (snapshot: AnyMachineSnapshot): AnyStateNode[] => [...snapshot._nodes].sort((a, b) => b.path.length - a.path.length);

/** Rule of the state that asks `question`, or else of the innermost active state; undefined if none is given. */
export function ruleOf(snapshot: AnyMachineSnapshot, question?: string): string | undefined {
  const asking =
    question === undefined ? undefined : activeNodes(snapshot).find((node) => questionsAskedBy(node).some((a) => a.question === question));
  const node = asking ?? activeNodes(snapshot).find((n) => n.description !== undefined);
  return /[A-Z]{2,3}-\d\d/.exec(node?.description ?? '')?.[0];
}

/** The question as asked by an active state, if any. */
export function questionAsked(snapshot: AnyMachineSnapshot, question: string): Ask | undefined {
  return activeNodes(snapshot)
    .flatMap(questionsAskedBy)
    .find((ask) => ask.question === question);
}

/** Questions that a state asks on entry. */
export function questionsAskedBy(node: AnyStateNode): Ask[] {
  const answers = [...node.transitions.keys()].filter((type) => !type.startsWith('xstate.'));
  return node.entry.flatMap((action) => {
    const { type, question, team } = action as unknown as { type: string; question: string; team: string };
    return type === 'ask' ? [{ question, team, answers }] : [];
  });
}

/** Returns whether a reachable later state handles inputs of `type`. */
export function isHandledLater(snapshot: AnyMachineSnapshot, type: string): boolean {
  const seen = new Set<AnyStateNode>();
  const visit = (node: AnyStateNode): boolean => {
    if (seen.has(node)) return false;
    seen.add(node);
    if (node.transitions.has(type)) return true;
    const targets = [...node.transitions.values(), node.always ?? []].flat().flatMap((t) => t.target ?? []);
    const inner = node.type === 'compound' ? [node.initial.target].flat().flatMap((t) => t ?? []) : Object.values(node.states);
    return [...targets, ...inner].some((next) => visit(next as AnyStateNode));
  };
  return activeNodes(snapshot).some((node) => {
    const own = [...node.transitions.values(), node.always ?? []].flat().flatMap((t) => t.target ?? []);
    return own.some((next) => visit(next as AnyStateNode));
  });
}
