import { type Instant, InvalidInput, realTimers, Refusal } from '@orderloom/kernel';
import type { Decider, Decision, CommandInput } from './decider.js';
import type { Fact, Meta, NewEvent, RecordedEvent } from './event.js';
import { uncommittedEvents, projectInline } from '../projections/inline-projection.js';
import type { EventStore, Outcome, UnitOfWork } from '../store/store.js';
import { executing } from '../telemetry.js';
import { upcast } from './upcasters.js';

/** Further parts of the unit of work: data, or a function of the decision (a command's response). */
export type UnitAdditions<State, Event extends Fact> = Partial<UnitOfWork> | ((decision: Decision<State, Event>) => Partial<UnitOfWork>);

export interface CommandResult<State> {
  readonly outcome: Outcome;
  /** State after the command; the current state after a duplicate. */
  readonly state: State;
  readonly events: readonly RecordedEvent[];
}

export const streamOf = (decider: { readonly name: string }, id: string): string => `${decider.name}-${id}`;

/** Loads a stream: its upcast history and the state folded from it. Throws `UnknownEvent`. */
export async function stateOf<State, Command, Event extends Fact>(
  store: EventStore,
  decider: Decider<State, Command, Event>,
  id: string,
): Promise<{ state: State; version: number; now: Instant; history: readonly RecordedEvent<Event>[] }> {
  const { events, version, now } = await store.load(streamOf(decider, id));
  const history = events.map((event) => upcast(decider, event));
  return { state: history.map(factOf).reduce(decider.evolve, decider.initial), version, now, history };
}

/** Commands to one stream of `decider`. `meta.by` is the actor. */
export interface Decidable<State, Command, Event extends Fact> {
  readonly decider: Decider<State, Command, Event>;
  readonly id: string;
  readonly commands: readonly CommandInput<Command>[];
  readonly meta: Meta;
}

/**
 * Loads the stream and decides `commands` in order, each on the state after the previous one; commits nothing. Throws the `Refusal` of a
 * violated rule.
 */
export async function decideOn<State, Command, Event extends Fact>(
  store: EventStore,
  { decider, id, commands, meta }: Decidable<State, Command, Event>,
): Promise<Decision<State, Event>> {
  const { state: before, version, now, history } = await stateOf(store, decider, id);
  const settings = await store.settings?.(decider.subject?.(id, before) ?? id, now);
  const policyVersion = settings?.version ?? meta.policyVersion;
  const facts: Event[] = [];
  let state = before;
  for (const command of commands) {
    // The host of a service gives its store the settings that its deciders take; the store's type does not name them.
    const decided = decider.decide({ ...command, now, by: meta.by } as Command, state, settings as never);
    state = decided.reduce(decider.evolve, state);
    facts.push(...decided);
  }
  if (facts.length === 0) return { id, state, version, now, policyVersion, facts, rows: [] };
  const append = {
    stream: streamOf(decider, id),
    subject: decider.subject?.(id, state) ?? id,
    expected: version === 0 ? ('none' as const) : version,
    events: facts.map((fact) => newEvent(decider, id, fact, now)),
  };
  const rows = projectInline(decider.views ?? [], history, uncommittedEvents<Event>(append, version, { ...meta, policyVersion }));
  return { id, state, version, now, policyVersion, facts, append, rows };
}

/** One command to a stream. After a conflict it is decided again, at most `maxAttempts` times (10 by default). */
export interface Execution<State, Command, Event extends Fact> extends Omit<Decidable<State, Command, Event>, 'commands'> {
  readonly command: CommandInput<Command>;
  readonly additions?: UnitAdditions<State, Event>;
  readonly maxAttempts?: number;
}

/**
 * Decides a command and commits the result, with back-off after conflicts; the last conflict is the outcome. A message that was handled
 * before is a duplicate, even if a rule refuses it by now. Throws the `Refusal` of a violated rule.
 */
export async function execute<State, Command, Event extends Fact>(
  store: EventStore,
  { decider, id, command, meta, additions = {}, maxAttempts = 10 }: Execution<State, Command, Event>,
): Promise<CommandResult<State>> {
  const timers = store.timers ?? realTimers;
  return executing(decider.name, streamOf(decider, id), command, meta, async (from) => {
    for (let attempt = 1; ; attempt += 1) {
      let decision: Decision<State, Event>;
      try {
        decision = await decideOn(store, { decider, id, commands: [command], meta: from });
      } catch (error) {
        // A rule may refuse by now what took effect before.
        if (typeof additions === 'function' || !additions.inbox || !isRefusal(error) || !(await store.handled(additions.inbox)))
          throw error;
        return { outcome: { status: 'duplicate' }, state: (await stateOf(store, decider, id)).state, events: [] };
      }
      const unit = unitOf(decision, from, typeof additions === 'function' ? additions(decision) : additions);
      const outcome: Outcome = isEmpty(unit) ? { status: 'committed', events: [] } : await store.commit(unit);
      if (outcome.status === 'committed') return { outcome, state: decision.state, events: outcome.events };
      if (outcome.status === 'conflict' && attempt < maxAttempts) await timers.delay(timers.random() * Math.min(5 * 2 ** attempt, 250));
      else return { outcome, state: (await stateOf(store, decider, id)).state, events: [] };
    }
  });
}

/** The unit of work of a decision, with the parts of `extra`. */
export function unitOf(decision: Decision<unknown>, meta: Meta, extra: Partial<UnitOfWork> = {}): UnitOfWork {
  return {
    ...extra,
    meta: { ...meta, ...(decision.policyVersion !== undefined && { policyVersion: decision.policyVersion }), ...extra.meta },
    appends: [...(decision.append ? [decision.append] : []), ...(extra.appends ?? [])],
    rows: [...decision.rows, ...(extra.rows ?? [])],
  };
}

const isRefusal = (error: unknown): boolean => error instanceof Refusal || error instanceof InvalidInput;

const isEmpty = ({ appends, rows, inbox, command, deadlines, checkpoint }: UnitOfWork): boolean =>
  !appends?.length && !rows?.length && !deadlines?.length && !inbox && !command && !checkpoint;

const factOf = <Event extends Fact>({ type, data }: RecordedEvent<Event>): Event => ({ type, data }) as Fact as Event;

function newEvent<Event extends Fact>(
  decider: Pick<Decider<unknown, unknown, Event>, 'versions' | 'rules' | 'occurredAt' | 'objects'>,
  id: string,
  fact: Event,
  now: Instant,
): NewEvent {
  const type = fact.type as Event['type'];
  return {
    type,
    data: fact.data,
    typeVersion: decider.versions?.[type] ?? 1,
    rule: decider.rules[type],
    occurredAt: decider.occurredAt?.(fact) ?? now,
    objects: decider.objects?.(fact, id) ?? [],
  };
}
