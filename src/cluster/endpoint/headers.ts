import type { IncomingHttpHeaders } from 'node:http';

/** Headers of the connection, not of the message. RFC 9110, 7.6.1. */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade'];

/** The headers of a request or an answer that are passed on. */
export function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.includes(name)));
}
