import { type Attributes, context, isSpanContextValid, ROOT_CONTEXT, type Span, type SpanContext, type SpanKind } from '@opentelemetry/api';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { Refusal } from '@orderloom/kernel';

/** What a span is about. What costs something to say is asked for only where somebody records it. */
export interface SpanNotes {
  readonly name: string;
  readonly kind?: SpanKind;
  /** W3C `traceparent` of what caused it; without one, or with nonsense, a trace begins. */
  readonly parent?: string;
  /** `traceparent`s of what it has to do with, but is no part of. */
  readonly links?: () => readonly (string | undefined)[];
  readonly attributes?: () => Attributes;
}

/** Does nothing, and costs next to nothing, until an OpenTelemetry SDK is registered. */
const tracer = trace.getTracer('orderloom');

/** A span that has begun. */
export class OpenSpan {
  constructor(private readonly span: Span) {}

  /** Its W3C `traceparent`, for what it causes: without an SDK that of its own cause; undefined where there is no trace. */
  get trace(): string | undefined {
    const { traceId, spanId, traceFlags } = this.span.spanContext();
    return isSpanContextValid(this.span.spanContext()) ? `00-${traceId}-${spanId}-${traceFlags & 1 ? '01' : '00'}` : undefined;
  }

  /** Whether somebody wants to know of it. */
  get recorded(): boolean {
    return this.span.isRecording();
  }

  note(attributes: () => Attributes): void {
    if (this.recorded) this.span.setAttributes(attributes());
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  event(name: string, attributes: () => Attributes): void {
    if (this.recorded) this.span.addEvent(name, attributes());
  }

  /** Says what kind of error it was, and nothing of its words: they may hold personal data. A refusal is an answer, no error. */
  failed(error: unknown): void {
    const kind = error instanceof Error ? error.name : typeof error;
    if (error instanceof Refusal) this.note(() => ({ 'orderloom.refusal': error.code }));
    else this.broken(kind);
  }

  /** Ends badly, for a reason in one word. */
  broken(kind: string): void {
    this.span.setStatus({ code: SpanStatusCode.ERROR });
    this.note(() => ({ 'error.type': kind }));
  }

  end(): void {
    this.span.end();
  }

  /** Does `work` with this span as the active one. */
  within<T>(work: () => T): T {
    return context.with(trace.setSpan(context.active(), this.span), work);
  }
}

export function beginSpan({ name, kind, parent, links, attributes }: SpanNotes): OpenSpan {
  const cause = spanContextOf(parent);
  const span = tracer.startSpan(name, { kind }, cause ? trace.setSpanContext(ROOT_CONTEXT, cause) : ROOT_CONTEXT);
  const begun = new OpenSpan(span);
  if (attributes) begun.note(attributes);
  if (links && span.isRecording()) {
    const others = new Set(links().filter((other) => other !== undefined));
    span.addLinks([...others].flatMap((other) => spanContextOf(other) ?? []).map((linked) => ({ context: linked })));
  }
  return begun;
}

/** `work` as a span, which ends with it, and has failed where it throws. */
export async function traced<T>(notes: SpanNotes, work: (span: OpenSpan) => Promise<T>): Promise<T> {
  const span = beginSpan(notes);
  try {
    return await span.within(() => work(span));
  } catch (error) {
    span.failed(error);
    throw error;
  } finally {
    span.end();
  }
}

/** What a W3C `traceparent` names; undefined for nonsense. */
export function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId = '', spanId = '', flags = ''] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? '') ?? [];
  const found = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(found) ? found : undefined;
}
