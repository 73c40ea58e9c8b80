import type { RefundPart } from '@orderloom/contracts';
import type { Fact } from '@orderloom/event-sourcing';
import { type Instant, InvalidInput, Refusal } from '@orderloom/kernel';
import type { Known, OrderCommand, OrderEvent } from './order.js';
import type { Address, Line, LineQuantity, Payment } from './order-details.js';

export interface Change {
  readonly orderNumber: string;
  readonly changeId: string;
}

/** Who asked to cancel: a person, or a flow of another service for its case. */
export interface Asking {
  readonly requestedBy?: string;
  readonly alsoRequestedBy?: readonly string[];
  readonly caseId?: string;
  readonly flow?: string;
}

/** A cancellation that waits for the end of the open change; of the whole order where it names no lines. */
export interface Waiting extends Change, Asking {
  readonly reason: string;
  readonly lines?: readonly LineQuantity[];
}

/** What was decided of an order that is cancelled. */
export interface Decided {
  readonly changeId: string;
  readonly refund: number;
  readonly agreedLoss: number;
}

/** ORD-08: what the customer hears of the order that goes on. */
interface Dispatch {
  readonly promisedDispatchBy?: Instant;
  readonly dispatchedAt?: Instant;
}

// These names are stored for ever.
export type ChangeEvent =
  | Fact<
      'CancellationRequested',
      Change &
        Asking &
        Dispatch & { reason: string; whole: boolean; lines: readonly Line[]; paid: number; payment: Payment; currency: string }
    >
  | Fact<'CancellationQueued', Waiting & { behind: string }>
  | Fact<'CancellationRequestRefused', { orderNumber: string; code: string; reason: string; caseId?: string; flow: string }>
  | Fact<
      'OrderLinesCancelled',
      Change & {
        lines: readonly LineQuantity[];
        remaining: readonly Line[];
        refund: number;
        payments?: readonly Payment[];
        parts?: readonly RefundPart[];
        agreedLoss: number;
        currency: string;
        reason: string;
        flow: string;
      }
    >
  | Fact<
      'OrderCancelled',
      Change &
        Omit<Decided, 'changeId'> & {
          payments?: readonly Payment[];
          parts?: readonly RefundPart[];
          currency: string;
          reason: string;
          flow: string;
          decided?: Decided;
        }
    >
  | Fact<'CancellationRefused', Change & { reason: string; flow: string; decided?: Decided }>
  | Fact<'AddressChangeRequested', Change & Dispatch & { address: Address; deliverable: boolean; noticed?: readonly string[] }>
  | Fact<'AddressChanged', Change & { address: Address; flow: string }>
  | Fact<'AddressChangeRefused', Change & { reason: string; flow: string }>;

export type ChangeCommand =
  | {
      type: 'RequestCancellation';
      changeId: string;
      reason: string;
      lines?: readonly LineQuantity[];
      requestedBy?: string;
      alsoRequestedBy?: readonly string[];
      caseId?: string;
      flow?: string;
    }
  | {
      type: 'CancelOrder';
      changeId: string;
      whole: boolean;
      lines: readonly LineQuantity[];
      agreedLoss: number;
      reason: string;
      flow: string;
    }
  | { type: 'RefuseCancellation'; changeId: string; reason: string; flow: string }
  | { type: 'RefuseAddressChange'; changeId: string; reason: string; flow: string }
  | { type: 'RequestAddressChange'; changeId: string; address: Address; noticed?: readonly string[] | undefined }
  | { type: 'ChangeAddress'; changeId: string; address: Address; flow: string };

export const dispatchOf = ({ promisedDispatchBy, dispatchedAt }: Known): Dispatch => ({
  promisedDispatchBy,
  ...(dispatchedAt && { dispatchedAt }),
});

/** A flow hears a refusal as a fact: nobody reads what it is parked for. */
export function askedByFlow(
  command: Extract<OrderCommand, { type: 'RequestCancellation' }>,
  decide: () => readonly OrderEvent[],
): readonly OrderEvent[] {
  try {
    return decide();
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof InvalidInput)) throw error;
    const { orderNumber, caseId, flow = '' } = command;
    const code = error instanceof InvalidInput ? 'invalid-request' : error.code;
    return [{ type: 'CancellationRequestRefused', data: { orderNumber, code, reason: error.message, caseId, flow } }];
  }
}
