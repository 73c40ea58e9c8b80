import type { Decider, Fact, Projection } from '@orderloom/event-sourcing';
import type { Instant } from '@orderloom/kernel';

/** The first report of a status that no table translates, as an example of its use. */
export interface SeenStatus {
  readonly system: string;
  readonly status: string;
  readonly at: Instant;
  readonly orderNumber: string;
  readonly trackingNumber: string;
  readonly text?: string;
}

// This name is stored and must not change.
type CourierStatusEvent = Fact<'CourierStatusSeen', SeenStatus>;

type NoteCourierStatus = { type: 'NoteCourierStatus'; now: Instant; by: string } & SeenStatus;

/** `aftership/InTransit_042` */
export const courierStatusId = ({ system, status }: Pick<SeenStatus, 'system' | 'status'>): string => `${system}/${status}`;

const seenView: Projection<CourierStatusEvent, SeenStatus> = {
  table: 'courier_statuses',
  key: ({ stream }) => stream.slice('courier-status-'.length),
  evolve: (_, { data }) => data,
};

/** LOG-01: a status of a courier's system that nobody has translated. Recorded at its first report; shipments keep every one. */
export const courierStatus: Decider<boolean, NoteCourierStatus, CourierStatusEvent> = {
  name: 'courier-status',
  initial: false,
  evolve: () => true,
  decide: ({ system, status, at, orderNumber, trackingNumber, text }, isKnown) =>
    isKnown
      ? []
      : [
          {
            type: 'CourierStatusSeen',
            data: { system, status, at, orderNumber, trackingNumber, ...(text !== undefined && { text }) },
          },
        ],
  rules: { CourierStatusSeen: 'LOG-01' },
  occurredAt: ({ data }) => data.at,
  objects: ({ data }) => [{ type: 'parcel', id: data.trackingNumber }],
  examples: {
    CourierStatusSeen: {
      ...{ system: 'aftership', status: 'InTransit_042', at: '2010-12-01T19:00:00.000000Z' },
      ...{ orderNumber: '536365', trackingNumber: 'RM536365GB', text: 'held for a parade' },
    },
  },
  views: [seenView],
};
