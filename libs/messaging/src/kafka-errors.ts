interface KafkaError {
  readonly retriable?: boolean;
  readonly type?: string;
  readonly cause?: unknown;
}

const fields = (error: unknown): KafkaError => (typeof error === 'object' && error !== null ? error : {});

/** Whether time may heal it. kafkajs calls its own giving up final; what counts is what it gave up on. */
export function isTransient(error: unknown): boolean {
  const { cause, retriable } = fields(error);
  return cause ? isTransient(cause) : retriable === true;
}
