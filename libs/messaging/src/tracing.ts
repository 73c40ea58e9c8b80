import { type Attributes, context, isSpanContextValid, ROOT_CONTEXT, type Span, type SpanContext, type SpanKind } from '@opentelemetry/api';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { Refusal } from '@orderloom/kernel';

/** Description of a span. Functions are called only if the span is recorded. */
export interface SpanOptions {
  readonly name: string;
  readonly kind?: SpanKind;
  /** W3C `traceparent` of the cause; without a valid one a new trace starts. */
  readonly parent?: string;
  /** `traceparent`s of related spans, added as links. */
  readonly links?: () => readonly (string | undefined)[];
  readonly attributes?: () => Attributes;
}

/** A no-op with little overhead until an OpenTelemetry SDK is registered. */
const tracer = trace.getTracer('orderloom');

/** A started span. */
export class OpenSpan {
  constructor(private readonly span: Span) {}

  /** W3C `traceparent` for messages that this span causes. Without an SDK it is that of the parent; undefined without a trace. */
  get trace(): string | undefined {
    const { traceId, spanId, traceFlags } = this.span.spanContext();
    return isSpanContextValid(this.span.spanContext()) ? `00-${traceId}-${spanId}-${traceFlags & 1 ? '01' : '00'}` : undefined;
  }

  /** True if the span is exported. */
  get recorded(): boolean {
    return this.span.isRecording();
  }

  setAttributes(attributes: () => Attributes): void {
    if (this.recorded) this.span.setAttributes(attributes());
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  event(name: string, attributes: () => Attributes): void {
    if (this.recorded) this.span.addEvent(name, attributes());
  }

  /** Records the kind of an error and not its message, which may contain personal data. A refusal is a regular result, not an error. */
  recordError(error: unknown): void {
    const kind = error instanceof Error ? error.name : typeof error;
    if (error instanceof Refusal) this.setAttributes(() => ({ 'orderloom.refusal': error.code }));
    else this.markFailed(kind);
  }

  /** Marks the span as failed; `kind` is a single word. */
  markFailed(kind: string): void {
    this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.setAttributes(() => ({ 'error.type': kind }));
  }

  end(): void {
    this.span.end();
  }

  /** Runs `work` with this span as the active one. */
  within<T>(work: () => T): T {
    return context.with(trace.setSpan(context.active(), this.span), work);
  }
}

export function beginSpan({ name, kind, parent, links, attributes }: SpanOptions): OpenSpan {
  const parentContext = spanContextOf(parent);
  const span = tracer.startSpan(name, { kind }, parentContext ? trace.setSpanContext(ROOT_CONTEXT, parentContext) : ROOT_CONTEXT);
  const opened = new OpenSpan(span);
  if (attributes) opened.setAttributes(attributes);
  if (links && span.isRecording()) {
    const traceparents = new Set(links().filter((other) => other !== undefined));
    span.addLinks([...traceparents].flatMap((other) => spanContextOf(other) ?? []).map((linked) => ({ context: linked })));
  }
  return opened;
}

/** Runs `work` in a span, which ends with it and is marked as failed if it throws. */
export async function traced<T>(notes: SpanOptions, work: (span: OpenSpan) => Promise<T>): Promise<T> {
  const span = beginSpan(notes);
  try {
    return await span.within(() => work(span));
  } catch (error) {
    span.recordError(error);
    throw error;
  } finally {
    span.end();
  }
}

/** Parses a W3C `traceparent`; returns undefined if it is invalid. */
export function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? [];
  const spanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(spanContext) ? spanContext : undefined;
}
