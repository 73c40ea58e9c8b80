import type { AnyDecider, Decider } from './decider.js';
import type { Fact, RecordedEvent } from './event.js';

/** Stored data of a type or version that this code does not know (a newer program wrote it). */
export class UnknownEvent extends Error {
  constructor(
    readonly type: string,
    readonly typeVersion: number,
  ) {
    super(`${type} version ${typeVersion} is not understood by this version of the program`);
    this.name = 'UnknownEvent';
  }
}

/** A stored event with its data lifted to the current version of its type. Throws `UnknownEvent`. */
export function upcast<State, Command, Event extends Fact>(
  decider: Decider<State, Command, Event>,
  stored: RecordedEvent,
): RecordedEvent<Event> {
  const type = stored.type as Event['type'];
  const current = decider.versions?.[type] ?? 1;
  if (!Object.hasOwn(decider.rules, type) || stored.typeVersion > current) throw new UnknownEvent(type, stored.typeVersion);
  let data: object = stored.data;
  for (let version = stored.typeVersion; version < current; version += 1) {
    const lifted = decider.upcasters?.[`${type}@${version}`];
    if (!lifted) throw new UnknownEvent(type, version);
    data = lifted(data as never);
  }
  return stored.typeVersion === current ? (stored as RecordedEvent<Event>) : { ...stored, typeVersion: current, data };
}

/** Lifts the events of any of `deciders`, told by their stream's name; others pass unchanged. */
export function upcasterFor(deciders: readonly AnyDecider[]): (stored: RecordedEvent) => RecordedEvent {
  const known = [...deciders].sort((a, b) => b.name.length - a.name.length);
  return (stored) => {
    const decider = known.find((d) => stored.stream.startsWith(`${d.name}-`));
    return decider ? upcast(decider, stored) : stored;
  };
}
