import { commandsTopicOf, customerMessages, flowsTopicOf, type ServiceName, tasksTopicOf, type Team } from '@orderloom/contracts';
import type { PublishedMessage, RecordedEvent } from '@orderloom/event-sourcing';
import type { FlowEvent } from '../step/flow-event.js';

/** Publishes the events of a service's flows: effects to their receivers, progress on `<service>.flows`. */
export const flowPublication =
  (service: ServiceName) =>
  (event: RecordedEvent): readonly PublishedMessage[] => {
    if (!event.stream.startsWith('flow-')) return [];
    const flowEvent = { type: event.type, data: event.data, rule: event.rule } as FlowEvent;
    return [...effectMessages(flowEvent, event, service), ...progressMessages(flowEvent, service)];
  };

function effectMessages(flowEvent: FlowEvent, { subject, rule }: RecordedEvent, service: ServiceName): PublishedMessage[] {
  switch (flowEvent.type) {
    case 'TaskAsked':
    case 'TaskReminded': {
      const { team, flowId, flow: _flow, version: _version, ...task } = flowEvent.data;
      return [{ topic: tasksTopicOf(team as Team), type: flowEvent.type, data: { ...task, subject }, flow: flowId }];
    }
    case 'TaskDueChanged': {
      const { team, taskId, question, dueAt, flowId } = flowEvent.data;
      return [{ topic: tasksTopicOf(team as Team), type: flowEvent.type, data: { taskId, question, subject, dueAt }, flow: flowId }];
    }
    case 'TaskEscalated': {
      const { team, taskId, question, flowId } = flowEvent.data;
      return [{ topic: tasksTopicOf(team as Team), type: flowEvent.type, data: { taskId, question, subject }, flow: flowId }];
    }
    case 'TaskClosed': {
      const { team, taskId, question, how, reason, flowId } = flowEvent.data;
      return how === 'withdrawn'
        ? [
            {
              topic: tasksTopicOf(team as Team),
              type: 'TaskWithdrawn',
              data: { taskId, question, subject, ...(reason !== undefined && { reason }) },
              flow: flowId,
            },
          ]
        : [];
    }
    case 'TeamInformed': {
      const { team, notice, about, flowId } = flowEvent.data;
      return [{ topic: tasksTopicOf(team as Team), type: flowEvent.type, data: { notice, about, subject }, flow: flowId }];
    }
    case 'CommandSent': {
      const to = flowEvent.data;
      return to.service === service
        ? []
        : [{ topic: commandsTopicOf(to.service as ServiceName), type: to.command, data: to.data, flow: to.flowId }];
    }
    case 'CustomerTold': {
      const { template, fields, flowId, locale = 'en' } = flowEvent.data;
      return [{ topic: customerMessages, type: flowEvent.type, data: { template, fields, rule, locale }, flow: flowId }];
    }
    default:
      return [];
  }
}

function progressMessages(flowEvent: FlowEvent, service: ServiceName): PublishedMessage[] {
  const topic = flowsTopicOf(service);
  switch (flowEvent.type) {
    case 'CommandSent':
    case 'CustomerTold':
    case 'TeamInformed':
      return [];
    case 'TaskAsked': {
      const { about: _about, answers: _answers, rule: _rule, ...course } = flowEvent.data;
      return [{ topic, type: flowEvent.type, data: course, flow: flowEvent.data.flowId }];
    }
    case 'TaskReminded': {
      const { about: _about, answers: _answers, rule: _rule, dueAt: _dueAt, ...course } = flowEvent.data;
      return [{ topic, type: flowEvent.type, data: course, flow: flowEvent.data.flowId }];
    }
    default:
      return [{ topic, type: flowEvent.type, data: flowEvent.data, flow: flowEvent.data.flowId }];
  }
}
