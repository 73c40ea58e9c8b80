import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Sealing, SEALING } from '@orderloom/platform';
import { OperationsController } from './http/operations.controller.js';
import { OrdersController } from './http/orders.controller.js';
import { Search } from './http/search.js';
import { Summaries } from './http/summary.js';
import { Timelines } from './timeline/timeline.js';

@Module({ controllers: [OrdersController, OperationsController], providers: [Search, Summaries, Timelines] })
export class ConsoleModule {
  /** The console over an open database and key ring, which the caller closes. */
  static over(database: DataSource, sealing: Sealing): DynamicModule {
    const providers = [
      { provide: DataSource, useValue: database },
      { provide: SEALING, useValue: sealing },
    ];
    return { module: ConsoleModule, providers };
  }
}
