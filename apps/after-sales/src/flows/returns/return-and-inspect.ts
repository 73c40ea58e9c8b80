import { type AboutOf, type AnswerOf, type EffectAction, notation, type States, type Transitions } from '@orderloom/flows';
import { ids, releasesUnits } from '../fragments.js';
import type { Counts } from './return-counts.js';

/** Goods that come back for a case. */
interface Returning extends Counts {
  readonly orderNumber: string;
  readonly caseId: string;
  /** Nobody named a parcel within the time: what was claimed is free. */
  readonly lapsed: boolean;
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly photos: readonly string[];
  readonly refusal: string;
}

interface Page<C extends Returning> {
  /** The id of the flow. */
  readonly flow: string;
  readonly instructions: (c: C) => AboutOf<'send-back'>;
  /** The message that the return has lapsed; until when a parcel may still be named. */
  readonly lapsed: EffectAction<C, 'tell'>;
  readonly goods: (c: C) => Omit<AboutOf<'inspect-return'>, 'carrier' | 'trackingNumber'>;
  /** Notes the parcel, and the freight that the customer paid for it. */
  readonly sent: (c: C, input: AnswerOf<'ReturnSent'>) => Partial<C>;
  /** A parcel that is named after the return lapsed: the units are to be claimed again before the goods are inspected. */
  readonly sentLate: string;
  readonly inspected: string;
  readonly credited: Transitions<C, AnswerOf<'LostReturnCredited'>>;
  readonly lost: string;
  readonly givenUp: string;
  readonly neverSent: string;
}

/**
 * AFT-31: the customer sends goods back within a time, or names the parcel late; the warehouse inspects what came. A parcel that does not
 * arrive is service's to decide (LOG-06). Begins in `awaitingParcel`.
 */
export function returnAndInspect<C extends Returning>(
  page: Page<C>,
): States<C, 'returnOnItsWay' | 'returnReminder' | 'lateParcel' | 'inspection' | 'serviceAnswer'> {
  const { asking, remind, tell } = notation<C>();
  const { keep, set } = notation<Returning>();
  const parcel = (c: C) => ({ ...page.goods(c), carrier: c.carrier, trackingNumber: c.trackingNumber });
  return {
    awaitingParcel: {
      ...asking('AFT-31', 'send-back', page.instructions, {
        on: {
          ReturnSent: [
            { guard: isLapsed, target: page.sentLate, actions: page.sent },
            { target: 'inspecting', actions: page.sent },
          ],
          ReturnGivenUp: page.givenUp,
        },
      }),
      initial: 'within',
      states: {
        within: {
          description: 'AFT-31',
          after: { returnOnItsWay: { target: 'lapsed', actions: set({ lapsed: true }) }, returnReminder: { actions: remind('customer') } },
        },
        lapsed: {
          description: 'AFT-31, CS-02',
          entry: [releasesUnits<C>(), page.lapsed],
          after: { lateParcel: `#${page.flow}.${page.neverSent}` },
        },
      },
    },
    inspecting: asking('AFT-31', 'inspect-return', parcel, {
      on: {
        ReturnInspected: { target: page.inspected, actions: keep('found', 'photos', { inspected: 'lines' }) },
        ReturnNotArrived: { target: 'notArrived', actions: keep({ refusal: 'note' }) },
      },
      remindedAfter: 'inspection',
    }),
    notArrived: asking('AFT-31, LOG-06', 'decide-lost-return', (c) => ({ ...missingParcel(c), lines: page.goods(c).lines }), {
      first: tell('AFT-31', 'return-not-arrived', parcel),
      on: {
        LostReturnFound: 'inspecting',
        LostReturnCredited: page.credited,
        LostReturnRefused: { target: page.lost, actions: keep({ refusal: 'reason' }) },
      },
      remindedAfter: 'serviceAnswer',
    }),
  };
}

const missingParcel = (c: Returning) => ({ ...ids(c), carrier: c.carrier, trackingNumber: c.trackingNumber, note: c.refusal });

function isLapsed(c: Returning) {
  return c.lapsed;
}
