import { EmbeddedLog, KafkaLog, type Log, type LogFunction } from '@orderloom/messaging';
import type { BaseConfig } from './config.js';
import { kafkaConnection } from './config-kafka.js';

/** Opens the log that the environment configures: Kafka, or the log embedded in Postgres. `clientId` names this process. */
export function openLog(
  config: Omit<BaseConfig, 'DATABASE_URL' | 'PORT' | 'HOST' | `AUTH_${string}`>,
  clientId: string,
  log?: LogFunction,
): Log {
  const { KAFKA_BROKERS: brokers, LOG_URL: url = '' } = config;
  return brokers === undefined ? new EmbeddedLog({ url, clientId, log }) : new KafkaLog({ ...kafkaConnection(config), clientId, log });
}
