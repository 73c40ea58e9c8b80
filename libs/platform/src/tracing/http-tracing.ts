import { SpanKind } from '@opentelemetry/api';
import { beginSpan, type OpenSpan } from '@orderloom/messaging';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { traceFrom } from '../http/request-meta.js';

/** Polled routes, which get no span. */
const untraced = /^\/(health\/|metrics$)/;

/**
 * A span for every request, by OpenTelemetry's conventions, whose trace goes into `request.trace`. The span has the
 * route only, not the path or query, since people search by name and e-mail.
 */
export function traceRequests(server: FastifyInstance): void {
  const spans = new WeakMap<FastifyRequest, OpenSpan>();
  server.addHook('onRequest', async (request) => {
    const { method, headers, protocol, routeOptions } = request;
    const parent = String(headers.traceparent);
    const route = routeOptions.url;
    if (route === undefined || !untraced.test(route)) {
      const attributes = () => ({
        'http.request.method': method,
        'url.scheme': protocol,
        ...(route !== undefined && { 'http.route': route }),
      });
      const span = beginSpan({ name: route === undefined ? method : `${method} ${route}`, kind: SpanKind.SERVER, parent, attributes });
      spans.set(request, span);
      if (span.recorded) request.trace = span.trace ?? '';
    }
    request.trace ||= traceFrom(parent);
  });
  server.addHook('onResponse', async (request, { statusCode }) => {
    const span = spans.get(request);
    span?.setAttributes(() => ({ 'http.response.status_code': statusCode }));
    if (statusCode >= 500) span?.markFailed(String(statusCode));
    span?.end();
  });
}
