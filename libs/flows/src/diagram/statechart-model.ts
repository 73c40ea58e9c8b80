import type { AnyStateNode } from 'xstate';
import type { Flow } from '../definition/flow-definition.js';
import { policyOf, statesOf } from '../definition/validate-flow.js';

/** A statechart as plain data, derived from the machine that runs. */
export interface Chart {
  readonly flow: string;
  readonly version: string;
  readonly service: string;
  readonly initial: string;
  readonly states: readonly ChartState[];
}

export interface ChartState {
  readonly name: string;
  readonly parent: string | null;
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final';
  readonly initial?: string;
  readonly rule?: string;
  readonly pivot: boolean;
  readonly does: readonly string[];
  readonly transitions: readonly ChartTransition[];
}

export interface ChartTransition {
  /** Type of the input, `after <policy value>`, or `always`. */
  readonly on: string;
  readonly guard?: string;
  readonly does: readonly string[];
  /** Target state; undefined for an internal transition. */
  readonly to?: string;
}

const name = (node: AnyStateNode): string => node.path.join('.');

export function describeStatechart(flow: Flow): Chart {
  const states = statesOf(flow.machine).slice(1);
  return {
    flow: flow.id,
    version: flow.version,
    service: flow.service,
    initial: String(flow.machine.root.initial.target?.[0]?.key),
    states: states.map((node) => ({
      name: name(node),
      parent: node.parent && node.parent !== flow.machine.root ? name(node.parent) : null,
      kind: node.type as ChartState['kind'],
      ...(node.type === 'compound' ? { initial: node.initial.target?.map((t) => name(t)).join() } : {}),
      ...(node.description === undefined ? {} : { rule: node.description }),
      pivot: node.tags.includes('pivot'),
      does: node.entry.flatMap(does),
      transitions: [...node.transitions.values(), node.always ?? []].flat().map((t) => ({
        on: labelOf(String(t.eventType)),
        ...(t.guard === undefined ? {} : { guard: typeof t.guard === 'string' ? t.guard : (t.guard as { type: string }).type }),
        does: t.actions.flatMap(does),
        ...(t.target === undefined ? {} : { to: t.target.map((n) => name(n)).join('+') }),
      })),
    })),
  };
}

function labelOf(eventType: string): string {
  const policy = policyOf(eventType);
  return policy === undefined ? eventType || 'always' : `after ${policy}`;
}

/** Describes an effect: `ask purchasing: loss-on-bought-goods`. Timers appear as transitions, and notes have no effect outside. */
function does(action: unknown): string[] {
  const { type, team, question, service, command, template, notice } = action as Record<string, string | undefined>;
  switch (type) {
    case 'ask':
      return [`ask ${team}: ${question}`];
    case 'remind':
      return [`remind ${team}`];
    case 'send':
      return [`send ${service}: ${command}`];
    case 'tell':
      return [`tell customer: ${template}`];
    case 'inform':
      return [`inform ${team}: ${notice}`];
    case undefined:
    default:
      return [];
  }
}

/** Renders the chart as a Mermaid state diagram, with rule numbers, questions, policy values and pivot states. */
export function mermaid(chart: Chart): string {
  const id = (state: string): string => state.replaceAll('.', '_');
  // A colon would end the label.
  const text = (words: string): string => words.replaceAll(': ', ' · ');
  const lines = ['stateDiagram-v2', `    [*] --> ${id(chart.initial)}`];
  const addStates = (parent: string | null, indent: string): void => {
    for (const state of chart.states.filter((s) => s.parent === parent)) {
      if (state.kind === 'compound') {
        lines.push(`${indent}state ${id(state.name)} {`, `${indent}    [*] --> ${id(state.initial ?? '')}`);
        addStates(state.name, `${indent}    `);
        lines.push(`${indent}}`);
      } else {
        const label = [state.name.split('.').at(-1), state.rule, ...state.does]
          .filter((part) => part !== undefined)
          .map((part) => text(part));
        lines.push(`${indent}${id(state.name)} : ${label.join('<br/>')}`);
      }
      if (state.kind === 'final') lines.push(`${indent}${id(state.name)} --> [*]`);
    }
  };
  addStates(null, '    ');
  for (const state of chart.states) {
    for (const t of state.transitions) {
      const label = [t.on, t.guard === undefined ? '' : `[${t.guard}]`, ...t.does.map((d) => `/ ${d}`)].filter(Boolean).join(' ');
      lines.push(`    ${id(state.name)} --> ${id(t.to ?? state.name)} : ${text(label)}`);
    }
  }
  const pivots = chart.states.filter((s) => s.pivot);
  if (pivots.length > 0) lines.push('    classDef pivot stroke-width:4px', ...pivots.map((s) => `    class ${id(s.name)} pivot`));
  return lines.join('\n');
}
