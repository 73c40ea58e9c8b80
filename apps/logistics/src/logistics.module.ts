import { eventsTopicOf } from '@orderloom/contracts';
import { publishAll, type ServiceDefinition } from '@orderloom/platform';
import { changeLabel } from './flows/change-label.js';
import { explainScan } from './flows/explain-scan.js';
import { holdShipment } from './flows/hold-shipment.js';
import { shipOrder } from './flows/ship-order.js';
import { shortPickFlow } from './flows/short-pick.js';
import { trackParcel } from './flows/track-parcel.js';
import { watchParcels } from './flows/watch-parcels.js';
import { holdShipmentV1, holdShipmentV2 } from './flows/v1/hold-shipment.js';
import { shipOrderV1 } from './flows/v1/ship-order.js';
import { ShipmentsController, ShowLabelHandler, ShowShipmentHandler } from './http/shipments.controller.js';
import { correctedNumberNotice } from './messages/renumbered.js';
import { reportRoutes } from './messages/reports.js';
import { sharedParcelRoutes } from './messages/shared-parcels.js';
import { trackingRoutes } from './messages/tracking-requests.js';
import {
  CourierStatuses1764000000204,
  ParcelNumbers1764000000202,
  Shipments1764000000201,
  ShipmentsRebuilt1764000000203,
} from './migrations/shipments.js';
import { shipment } from './shipment.js';
import { courierStatus } from './statuses/courier-status.js';
import { courierStatusRoutes } from './statuses/courier-status.routes.js';
import { CourierStatusesController } from './http/courier-statuses.controller.js';

const toShipment = { decider: shipment, id: 'orderNumber' };

export const logistics: ServiceDefinition = {
  name: 'logistics',
  description: 'Shipments: prepared, held, picked, shipped, scanned.',
  deciders: [shipment, courierStatus],
  flows: [
    shipOrderV1,
    shipOrder,
    holdShipmentV1,
    holdShipmentV2,
    holdShipment,
    changeLabel,
    explainScan,
    shortPickFlow,
    trackParcel,
    watchParcels,
  ],
  commands: {
    PrepareShipment: toShipment,
    HoldShipment: toShipment,
    ReleaseHold: toShipment,
    CancelShipment: toShipment,
    AmendShipment: toShipment,
    ChangeLabel: toShipment,
    ConfirmHold: toShipment,
    DenyHold: toShipment,
    RecordRedirect: toShipment,
    ConfirmLabel: toShipment,
    DenyLabel: toShipment,
    ResumePicking: toShipment,
    LookUpShipment: toShipment,
    CheckParcels: toShipment,
    CloseTracking: toShipment,
    ReportLoss: toShipment,
  },
  subscribes: [...reportRoutes, ...sharedParcelRoutes, ...trackingRoutes, ...courierStatusRoutes],
  publishes: [publishAll(shipment, eventsTopicOf('logistics')), correctedNumberNotice],
  migrations: [Shipments1764000000201, ParcelNumbers1764000000202, ShipmentsRebuilt1764000000203, CourierStatuses1764000000204],
  controllers: [ShipmentsController, CourierStatusesController],
  providers: [ShowShipmentHandler, ShowLabelHandler],
};
