import { EmbeddedLog, KafkaLog, type Log, type LogFunction } from '@orderloom/messaging';
import type { BaseConfig } from './config.js';
import { kafkaConnection } from './config-kafka.js';

/** The log that the environment names: Kafka, or the one embedded in Postgres. `clientId` is what it calls this process. */
export function openLog(config: Omit<BaseConfig, 'PORT' | 'HOST' | `AUTH_${string}`>, clientId: string, log?: LogFunction): Log {
  const { KAFKA_BROKERS: brokers, LOG_URL: url = '' } = config;
  return brokers === undefined ? new EmbeddedLog({ url, clientId, log }) : new KafkaLog({ ...kafkaConnection(config), clientId, log });
}
