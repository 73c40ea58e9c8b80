import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DeskController } from './desk.controller.js';
import { OrdersController } from './orders.controller.js';
import { Search } from './search.js';
import { Summaries } from './summary.js';
import { Timelines } from './timeline.js';

@Module({ controllers: [OrdersController, DeskController], providers: [Search, Summaries, Timelines] })
export class ConsoleModule {
  /** The console over an open database, which stays the caller's to close. */
  static over(database: DataSource): DynamicModule {
    return { module: ConsoleModule, providers: [{ provide: DataSource, useValue: database }] };
  }
}
