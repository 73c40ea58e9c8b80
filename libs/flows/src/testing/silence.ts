import type { Flow } from '../definition/flow-definition.js';
import { type FlowInstance, stateName } from '../step/instance.js';
import { handleInput } from '../step/step.js';
import type { FlowPaths } from './path-coverage.js';

const now = '2010-12-01T09:00:00.000000Z';
/** More deadlines than any flow has until its tasks are escalated; a flow that looks again and again may have any number. */
const enough = 400;

/** CS-02: tasks that nobody ever answers, and that are not escalated when every deadline of their flow has passed. */
export function neglectedTasks(flow: Flow, walks: readonly FlowPaths[]): string[] {
  const all = walks.flatMap((some) => some.all.map(({ instance }) => instance));
  const active = new Map(all.map((one) => [JSON.stringify([one.state, one.deadlines, one.tasks.map((t) => t.question)]), one]));
  const faults = [...active.values()].flatMap((instance) => {
    const { state, tasks } = afterSilence(flow, instance);
    return tasks
      .filter(({ escalated }) => !escalated)
      .map(({ question, team }) => `${stateName(state)} waits for ${question} of ${team} for ever, and nobody is told`);
  });
  return [...new Set(faults)];
}

/** The flow when only its deadlines fall due, each in its turn. */
function afterSilence(flow: Flow, instance: FlowInstance): FlowInstance {
  let after = instance;
  for (let n = 0; n < enough && after.deadlines.length > 0; n += 1) {
    const type = after.deadlines[0]?.slice(`${after.flowId}/`.length) ?? '';
    after = handleInput(flow, after, { input: { type }, messageId: `silence-${n}`, by: 'clock' }, now).instance;
  }
  return after;
}
