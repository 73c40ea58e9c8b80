import { commandsOf, customerMessages, flowsOf, type ServiceName, tasksOf, type Team } from '@orderloom/contracts';
import type { PublishedMessage, RecordedEvent } from '@orderloom/event-sourcing';
import type { FlowEvent } from './flow-event.js';

/** What a service says of its flows' events: their effects to whom they concern, their course on `<service>.flows`. */
export const flowPublication =
  (service: ServiceName) =>
  (event: RecordedEvent): readonly PublishedMessage[] => {
    if (!event.stream.startsWith('flow-')) return [];
    const fact = { type: event.type, data: event.data, rule: event.rule } as FlowEvent;
    return [...effectOf(fact, event, service), ...courseOf(fact, service)];
  };

function effectOf(fact: FlowEvent, { subject, rule }: RecordedEvent, service: ServiceName): PublishedMessage[] {
  switch (fact.type) {
    case 'TaskAsked':
    case 'TaskReminded': {
      const { team, flowId, flow: _flow, version: _version, ...task } = fact.data;
      return [{ topic: tasksOf(team as Team), type: fact.type, data: { ...task, subject }, flow: flowId }];
    }
    case 'TaskEscalated': {
      const { team, taskId, question, flowId } = fact.data;
      return [{ topic: tasksOf(team as Team), type: fact.type, data: { taskId, question, subject }, flow: flowId }];
    }
    case 'TaskClosed': {
      const { team, taskId, question, how, reason, flowId } = fact.data;
      return how === 'withdrawn'
        ? [
            {
              topic: tasksOf(team as Team),
              type: 'TaskWithdrawn',
              data: { taskId, question, subject, ...(reason !== undefined && { reason }) },
              flow: flowId,
            },
          ]
        : [];
    }
    case 'TeamInformed': {
      const { team, notice, about, flowId } = fact.data;
      return [{ topic: tasksOf(team as Team), type: fact.type, data: { notice, about, subject }, flow: flowId }];
    }
    case 'CommandSent': {
      const to = fact.data;
      return to.service === service
        ? []
        : [{ topic: commandsOf(to.service as ServiceName), type: to.command, data: to.data, flow: to.flowId }];
    }
    case 'CustomerTold': {
      const { template, fields, flowId } = fact.data;
      return [{ topic: customerMessages, type: fact.type, data: { template, fields, rule, locale: 'en' }, flow: flowId }];
    }
    default:
      return [];
  }
}

function courseOf(fact: FlowEvent, service: ServiceName): PublishedMessage[] {
  const topic = flowsOf(service);
  switch (fact.type) {
    case 'CommandSent':
    case 'CustomerTold':
    case 'TeamInformed':
      return [];
    case 'TaskAsked': {
      const { about: _about, answers: _answers, rule: _rule, ...course } = fact.data;
      return [{ topic, type: fact.type, data: course, flow: fact.data.flowId }];
    }
    case 'TaskReminded': {
      const { about: _about, answers: _answers, rule: _rule, dueAt: _dueAt, ...course } = fact.data;
      return [{ topic, type: fact.type, data: course, flow: fact.data.flowId }];
    }
    default:
      return [{ topic, type: fact.type, data: fact.data, flow: fact.data.flowId }];
  }
}
