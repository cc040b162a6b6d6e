import type { Request, RequestHandler, Response } from 'express';
import { replyError } from '../reply.ts';

/** Answers a request that has no answer after so many seconds; if the client does not read that either, cuts the connection after as many more. */
export function answerWithin(seconds: number): RequestHandler {
  return (req, res, next) => {
    let timer = setTimeout(() => {
      answerLate(req, res, seconds);
      timer = setTimeout(() => res.destroy(), seconds * 1000);
    }, seconds * 1000);
    res.on('close', () => clearTimeout(timer));
    next();
  };
}

/** A body that is being read and does not arrive is its sender's fault, 408: counted as a 503, any slow client could abort a release. */
function answerLate(req: Request, res: Response, seconds: number): void {
  if (req.complete || !req.readableFlowing) {
    replyError(res, 'DEADLINE_EXCEEDED', `no answer within ${seconds} s`);
    return;
  }
  if (!res.headersSent) {
    // The rest of the body may still come; only a new connection starts with a request again.
    res.setHeader('Connection', 'close');
  }
  replyError(res, 'REQUEST_TIMEOUT', `the body did not arrive within ${seconds} s`);
}
