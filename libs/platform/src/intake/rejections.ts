import { contractOf, messages, type RecordRejected, senderOn, type ServiceName, taskId, rejectingService } from '@orderloom/contracts';
import type { Append, EventStore, Failure, Rejections } from '@orderloom/event-sourcing';
import { instant, InvalidInput, realTimers, type Refusal } from '@orderloom/kernel';
import { attributeOf, claimedData, type CloudEvent, type IncomingRecord, typeOf } from '@orderloom/messaging';
import { rejected, rejectionsSuppressed, shortened } from './rejection.js';
import { mostRejections, RejectionBudget, type Suppression, windowMinutes } from './rejection-budget.js';

type Told = Pick<Failure, 'reason' | 'errors'>;
type Refused = Omit<RecordRejected, 'by' | 'todo'>;

const retryMs = 1000;

/** Rejections of `service`: one message per rejected record, up to the budget of its source. */
export class ServiceRejections implements Rejections {
  constructor(
    private readonly service: ServiceName,
    private readonly budget?: RejectionBudget,
  ) {}

  ofParked(record: IncomingRecord, { reason, errors }: Failure, parkedId: string): Append | undefined {
    if (!isAddressed(record) && rejectingService(record.topic) !== this.service) return undefined;
    const todo = errors.length > 0 ? correctIt : redriveIt;
    return this.told({ ...described(record), reason, errors: [...errors], parkedId }, todo);
  }

  ofUnknownType(record: IncomingRecord): Append | 'suppressed' | undefined {
    const type = typeOf(record) ?? '';
    if (rejectingService(record.topic) !== this.service || isKnown(record.topic, type)) return undefined;
    const reason = `no service reads records of type ${shortened(type)} on ${record.topic}`;
    const errors = [{ field: 'ce_type', message: `must be one of ${typesOn(record.topic).join(', ')}` }];
    return this.told({ ...described(record), reason, errors, parkedId: null }, sendKnownType) ?? 'suppressed';
  }

  /** For a request that a rule refused; undefined on topics of these services. */
  ofRequest(topic: string, request: CloudEvent, refusal: Refusal | InvalidInput): Append | undefined {
    const told = refusal instanceof InvalidInput ? refusal : { reason: `${refusal.code}: ${refusal.message}`, errors: [] };
    return this.ofEvent(topic, request, 'reason' in told ? told : { reason: told.message, errors: told.errors }, askAgain);
  }

  /** For an answer that does not count. */
  ofAnswer = (topic: string, answer: CloudEvent, why: Told): Append | undefined => this.ofEvent(topic, answer, why, answerAgain);

  private ofEvent(topic: string, event: CloudEvent, { reason, errors }: Told, todo: string): Append | undefined {
    const { id, source, subject, key = subject, type } = event;
    return this.told({ topic, partition: null, offset: null, key, source, id, type, reason, errors: [...errors], parkedId: null }, todo);
  }

  private told(refused: Refused, todo: string): Append | undefined {
    if (senderOn(refused.topic) === undefined) return undefined;
    const { topic, partition, offset, key, source, id, type } = refused;
    const short = { key: shortened(key), source: shortened(source), id: shortened(id), type: shortened(type) };
    const how = this.budget?.take({ topic, partition, offset, ...short });
    if (how === 'suppressed') return undefined;
    return rejected({ ...refused, ...short, todo: how === 'last' ? `${todo} ${lastOne}` : todo, by: this.service });
  }
}

/** The rejections of `service` with a budget whose summaries are committed to `store`. */
export function budgetedRejections(service: ServiceName, store: EventStore): { rejections: ServiceRejections; budget: RejectionBudget } {
  const summarise = async ({ topic, source, count, first, last, millis }: Suppression): Promise<void> => {
    for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
      try {
        const until = await store.now();
        const since = instant(new Date(Date.parse(until) - millis));
        const append = rejectionsSuppressed({ topic, source, since, until, count, first, last, todo: correctAll, by: service });
        await store.commit({ meta: { by: `service:${service}` }, appends: [append] });
        return;
      } catch {
        await (store.timers ?? realTimers).delay(retryMs);
      }
    }
  };
  const budget = new RejectionBudget(summarise, store.timers);
  return { rejections: new ServiceRejections(service, budget), budget };
}

const mostAttempts = 10;
const answerAgain =
  'It was recorded and changed nothing; nothing waits for it. While the task is open, answer it again with another ce_id.';
const askAgain = 'Nothing waits for it. Where the reason has passed, send the request again with another ce_id.';
const sendKnownType = 'The record is skipped. Send it again with a type of the contract.';
const correctIt =
  'Later records of the same key wait. Send a corrected record with the same key, and with the same ce_id or the refused one in ce_replaces.';
const redriveIt = 'Later records of the same key wait until an operator redrives or dismisses this one: GET /parked shows it.';
const lastOne = `This is refusal ${mostRejections} of this source within ${windowMinutes} minutes: further ones are counted, and summarised in RejectionsSuppressed.`;
const correctAll =
  'Correct what the last RecordRejected of this source says. Records that are refused for their fields are parked: GET /parked shows each.';

const described = (record: IncomingRecord): Pick<Refused, 'topic' | 'partition' | 'offset' | 'key' | 'source' | 'id' | 'type'> => {
  const { topic, partition, offset, key } = record;
  const claimed = (name: string): string | null => attributeOf(record, name) ?? null;
  return { topic, partition, offset, key, source: claimed('source'), id: claimed('id'), type: typeOf(record) ?? null };
};

/** Whether it says enough to be parked by one service alone: a type that is read, and of an answer its task. */
function isAddressed(record: IncomingRecord): boolean {
  const type = typeOf(record);
  if (type === undefined || !isKnown(record.topic, type)) return false;
  if (contractOf(record.topic, type).identity !== 'taskId') return true;
  return taskId.safeParse((claimedData(record) as { taskId?: unknown } | null | undefined)?.taskId).success;
}

const isKnown = (topic: string, type: string): boolean => typesOn(topic).includes(type);
const typesOn = (topic: string): string[] => messages.filter((message) => message.topic === topic).map(({ type }) => type);
