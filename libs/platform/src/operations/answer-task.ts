import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { EventStore } from '@orderloom/event-sourcing';
import { may, taskId as taskIds, teams } from '@orderloom/contracts';
import { type FlowInput, flowOfTask, type FlowRuntime, worklist } from '@orderloom/flows';
import { NotFound } from '@orderloom/kernel';
import type { Caller } from '../auth/token.js';
import { type CommandResponse, type CommandSource, DuplicateCommand } from '../http/commands/command-response.js';
import { EVENT_STORE } from '../http/commands/idempotency.js';
import { HttpProblem } from '../http/problems/problem.js';
import { checkedAnswer, contradictedFields, sealedAnswer } from '../intake/answers.js';
import { type Sealing, SEALING } from '../privacy/sealing.js';

export const FLOW_RUNTIME = Symbol('flow runtime');

/** A person answers a task through the worklist. */
export class AnswerTask extends Command<CommandResponse> {
  constructor(
    readonly taskId: string,
    readonly answer: FlowInput,
    readonly who: Caller,
    readonly from: CommandSource,
  ) {
    super();
  }
}

@CommandHandler(AnswerTask)
export class AnswerTaskHandler implements ICommandHandler<AnswerTask> {
  constructor(
    @Inject(FLOW_RUNTIME) private readonly runtime: FlowRuntime,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(SEALING) private readonly sealing: Sealing,
  ) {}

  async execute({ taskId, answer, who, from }: AnswerTask): Promise<CommandResponse> {
    if (!taskIds.safeParse(taskId).success) throw new NotFound(`task ${taskId}`);
    const flow = await this.runtime.instance(flowOfTask(taskId));
    const task = flow.tasks.find((t) => t.taskId === taskId);
    const theirs = teams.filter((team) => may(who.role, `task:answer:${team}`));
    if (task && !theirs.some((team) => team === task.team))
      throw new HttpProblem(403, 'not-your-task', `This task is for ${task.team}, not for ${who.role}.`);
    const { by } = from.meta;
    const checked = checkedAnswer({ taskId, answer, by });
    const errors = task?.answers.includes(answer.type)
      ? await contradictedFields(checked.answer, task, flow, this.runtime, await this.store.now())
      : [];
    if (errors.length > 0)
      throw new HttpProblem(
        422,
        'answer-contradicts-task',
        'The answer contradicts its task: correct the fields and answer again.',
        {},
        { errors },
      );
    const data = { ...checked, answer: await sealedAnswer(checked.answer, flow.subject, this.sealing), teams: theirs, person: by };
    const { id, fingerprint } = from.command;
    const message = {
      id,
      source: worklist,
      type: 'TaskAnswered',
      typeVersion: 1,
      subject: flow.subject,
      time: '',
      data,
      by,
      traceparent: from.meta.trace,
    };
    const delivery = await this.runtime.handleTaskAnswer(message, (result) => ({
      command: { id, fingerprint, ...answerFor(taskId, result) },
    }));
    if (delivery === 'duplicate') {
      const stored = await this.store.commandResponse(id);
      if (stored) throw new DuplicateCommand(stored);
    }
    return answerFor(taskId, delivery ?? 'strayed');
  }
}

const answerFor = (taskId: string, delivery: string): CommandResponse =>
  delivery === 'strayed'
    ? {
        status: 409,
        body: {
          type: 'urn:orderloom:problem:answer-changed-nothing',
          title: 'Conflict',
          status: 409,
          detail:
            'The task is closed, or its conditions refuse this answer (REF-02: nobody approves what they filed). It was recorded and changed nothing.',
          taskId,
        },
      }
    : { status: 200, body: { taskId, result: delivery } };
