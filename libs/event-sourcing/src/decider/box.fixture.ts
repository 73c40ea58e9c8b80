import { Refusal } from '@orderloom/kernel';
import type { Decider, WithContext, Projection } from './decider.js';
import type { Fact } from './event.js';

export type BoxEvent = Fact<'ThingPut', { thing: string; at: string; by: string }> | Fact<'BoxClosed', { things: number }>;
export type BoxCommand = WithContext<{ type: 'Put'; thing: string } | { type: 'Close' }>;
export interface Box {
  readonly things: readonly string[];
  readonly closed: boolean;
}

const contents: Projection<BoxEvent, { id: string; things: number; lastAt: string }> = {
  table: 'boxes',
  key: (event) => event.subject,
  evolve: (row, event) =>
    event.type === 'BoxClosed' ? row : { id: event.subject, things: (row?.things ?? 0) + 1, lastAt: event.occurredAt },
};

/** A decider for tests: things are put into a box, once each, until it is closed. */
export const box: Decider<Box, BoxCommand, BoxEvent> = {
  name: 'box',
  initial: { things: [], closed: false },
  evolve: (state, event) =>
    event.type === 'BoxClosed' ? { ...state, closed: true } : { ...state, things: [...state.things, event.data.thing] },
  decide: (command, state) => {
    if (state.closed) throw new Refusal('box-closed', 'the box is closed', 'BOX-02');
    if (command.type === 'Close') return [{ type: 'BoxClosed', data: { things: state.things.length } }];
    if (state.things.includes(command.thing)) return [];
    return [{ type: 'ThingPut', data: { thing: command.thing, at: command.now, by: command.by } }];
  },
  rules: { ThingPut: 'BOX-01', BoxClosed: 'BOX-02' },
  versions: { ThingPut: 2 },
  upcasters: { 'ThingPut@1': (data: { name: string }) => ({ thing: data.name, at: 'long ago', by: 'unknown' }) },
  objects: (event, id) => [{ type: 'box', id, ...(event.type === 'BoxClosed' && { role: 'closed' }) }],
  views: [contents],
};
