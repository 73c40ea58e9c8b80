import { X509Certificate } from 'node:crypto';
import type { KafkaLogConfig } from '@orderloom/messaging';
import { z } from 'zod';
import { fileText } from '../auth/config-auth.js';

const truth = z.enum(['true', 'false']).transform((text) => text === 'true');
const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
const certificate = fileText.refine((pem) => {
  try {
    return new X509Certificate(pem).serialNumber !== '';
  } catch {
    return false;
  }
});

/** Connection to the brokers: TLS, optionally with a client certificate, and SASL. */
export const kafkaConfig = {
  KAFKA_SSL: truth.default(false).describe('true or false'),
  KAFKA_SSL_CA_FILE: certificate.optional().describe('a file with the PEM certificate of who signed the brokers'),
  KAFKA_SSL_CERT_FILE: certificate.optional().describe('a file with our own PEM certificate'),
  KAFKA_SSL_KEY_FILE: fileText
    .refine((pem) => pem.includes('PRIVATE KEY-----'))
    .optional()
    .describe('a file with the PEM private key of our own certificate'),
  KAFKA_SASL_MECHANISM: z
    .enum(mechanisms)
    .optional()
    .describe(`one of ${mechanisms.join(', ')}`),
  KAFKA_SASL_USERNAME: z.string().optional().describe('a name'),
  KAFKA_SASL_PASSWORD: z.string().optional().describe('a password'),
  KAFKA_SASL_PASSWORD_FILE: fileText.pipe(z.string().min(1)).optional().describe('a file with a password'),
};

type KafkaConfig = z.output<z.ZodObject<typeof kafkaConfig>>;

/** Faults of combinations: a variable without the other that it needs would be ignored silently. */
export function kafkaFaults(config: Partial<KafkaConfig>): string[] {
  const needs = (what: keyof KafkaConfig, needed: boolean, sentence: string) =>
    config[what] && !needed ? [`${what} needs ${sentence}.`] : [];
  const { KAFKA_SSL: ssl = false, KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: user } = config;
  const password = passwordOf(config) !== undefined;
  return [
    ...needs('KAFKA_SSL_CA_FILE', ssl, 'KAFKA_SSL=true'),
    ...needs('KAFKA_SSL_CERT_FILE', ssl && !!config.KAFKA_SSL_KEY_FILE, 'KAFKA_SSL=true and KAFKA_SSL_KEY_FILE'),
    ...needs('KAFKA_SSL_KEY_FILE', ssl && !!config.KAFKA_SSL_CERT_FILE, 'KAFKA_SSL=true and KAFKA_SSL_CERT_FILE'),
    ...needs('KAFKA_SASL_MECHANISM', !!user && password, 'KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD (or KAFKA_SASL_PASSWORD_FILE)'),
    ...needs('KAFKA_SASL_USERNAME', !!mechanism && password, 'KAFKA_SASL_MECHANISM and KAFKA_SASL_PASSWORD (or KAFKA_SASL_PASSWORD_FILE)'),
    ...needs('KAFKA_SASL_PASSWORD', !!user, 'KAFKA_SASL_USERNAME'),
    ...needs('KAFKA_SASL_PASSWORD_FILE', !!user, 'KAFKA_SASL_USERNAME'),
    ...(config.KAFKA_SASL_PASSWORD && config.KAFKA_SASL_PASSWORD_FILE
      ? ['KAFKA_SASL_PASSWORD and KAFKA_SASL_PASSWORD_FILE are both given: one of them must go.']
      : []),
  ];
}

const passwordOf = (config: Partial<KafkaConfig>): string | undefined => config.KAFKA_SASL_PASSWORD ?? config.KAFKA_SASL_PASSWORD_FILE;

/** Connection options of a `KafkaLog`. */
export function kafkaConnection(config: KafkaConfig & { KAFKA_BROKERS?: string[] }): Pick<KafkaLogConfig, 'brokers' | 'ssl' | 'sasl'> {
  const { KAFKA_SSL_CA_FILE: ca, KAFKA_SSL_CERT_FILE: cert, KAFKA_SSL_KEY_FILE: key } = config;
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username = '' } = config;
  const password = passwordOf(config) ?? '';
  return {
    brokers: config.KAFKA_BROKERS ?? [],
    ssl: config.KAFKA_SSL && { ...(ca && { ca: [ca] }), ...(cert && { cert, key }) },
    ...(mechanism && { sasl: { mechanism, username, password } as KafkaLogConfig['sasl'] }),
  };
}
