import type { AnyDecider, Decider } from './decider.js';
import type { Fact, RecordedEvent } from './event.js';

/** A stored event has a type or version that this program does not know: a newer program wrote it. */
export class UnknownEvent extends Error {
  constructor(
    readonly type: string,
    readonly typeVersion: number,
  ) {
    super(`${type} version ${typeVersion} is unknown to this program: start the version that wrote it, or a newer one`);
    this.name = 'UnknownEvent';
  }
}

/** Converts the data of a stored event to the current version of its type. Throws `UnknownEvent`. */
export function upcast<State, Command, Event extends Fact>(
  decider: Decider<State, Command, Event>,
  stored: RecordedEvent,
): RecordedEvent<Event> {
  const type = stored.type as Event['type'];
  const current = decider.versions?.[type] ?? 1;
  if (!Object.hasOwn(decider.rules, type) || stored.typeVersion > current) throw new UnknownEvent(type, stored.typeVersion);
  let data: object = stored.data;
  for (let version = stored.typeVersion; version < current; version += 1) {
    const convert = decider.upcasters?.[`${type}@${version}`];
    if (!convert) throw new UnknownEvent(type, version);
    data = convert(data as never);
  }
  return stored.typeVersion === current ? (stored as RecordedEvent<Event>) : { ...stored, typeVersion: current, data };
}

/** Returns a function that upcasts events of `deciders`, by the prefix of the stream name. Other events are returned unchanged. */
export function upcasterFor(deciders: readonly AnyDecider[]): (stored: RecordedEvent) => RecordedEvent {
  const known = [...deciders].sort((a, b) => b.name.length - a.name.length);
  return (stored) => {
    const decider = known.find((d) => stored.stream.startsWith(`${d.name}-`));
    return decider ? upcast(decider, stored) : stored;
  };
}
