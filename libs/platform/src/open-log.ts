import { EmbeddedLog, KafkaLog, type Log, type LogFunction } from '@orderloom/messaging';
import type { BaseConfig } from './config.js';

/** The log that the environment names: Kafka, or the one embedded in Postgres. `clientId` is what it calls this process. */
export function openLog({ KAFKA_BROKERS, LOG_URL }: BaseConfig, clientId: string, log?: LogFunction): Log {
  if (KAFKA_BROKERS !== undefined) return new KafkaLog({ brokers: KAFKA_BROKERS, clientId, log });
  return new EmbeddedLog({ url: LOG_URL ?? '', clientId, log });
}
