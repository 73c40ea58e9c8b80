interface KafkaError {
  readonly retriable?: boolean;
  readonly type?: string;
  readonly cause?: unknown;
}

const fieldsOf = (error: unknown): KafkaError => (typeof error === 'object' && error !== null ? error : {});

/** Returns true if a retry may succeed. kafkajs marks its own exhausted retries as final, so the cause decides. */
export function isTransient(error: unknown): boolean {
  const { cause, retriable } = fieldsOf(error);
  return cause ? isTransient(cause) : retriable === true;
}
