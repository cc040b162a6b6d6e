import type { Response } from 'express';
import type { InFlight } from '../in-flight.ts';
import { replyError } from '../reply.ts';

/** How often late requests are looked for; a short deadline is looked at 20 times before it ends. */
const INTERVAL_SECONDS = 0.25;

/**
 * Sends an error for each request that has no response after `seconds`. If the client has not read a response after twice that time, the
 * connection is cut. No middleware: one interval looks at all requests in flight, since a timer for each request costs more than to count it.
 */
export function enforceDeadline(inFlight: InFlight, seconds: number): void {
  setInterval(
    () => {
      for (const res of inFlight.olderThan(2 * seconds).filter(({ headersSent }) => headersSent)) {
        res.destroy();
      }
      for (const res of inFlight.olderThan(seconds)) {
        answerLate(res, seconds);
      }
    },
    Math.min(INTERVAL_SECONDS, seconds / 20) * 1000,
  ).unref();
}

/** 408 when the body is read and has not arrived: its sender is slow. Were it a 503, any slow client could abort a release. Else 503. */
function answerLate(res: Response, seconds: number): void {
  if (res.req.complete || !res.req.readableFlowing) {
    replyError(res, 'DEADLINE_EXCEEDED', `no answer within ${seconds} s`);
    return;
  }
  if (!res.headersSent) {
    // The rest of the body may still come, so the next request needs a new connection.
    res.setHeader('Connection', 'close');
  }
  replyError(res, 'REQUEST_TIMEOUT', `the body did not arrive within ${seconds} s`);
}
