import type { Request, RequestHandler, Response } from 'express';
import { replyError } from '../reply.ts';

/** Sends an error when a request has no response after `seconds`. If the client has not read it after as many seconds more, the connection is cut. */
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

/** 408 when the body is read and has not arrived: its sender is slow. Were it a 503, any slow client could abort a release. Else 503. */
function answerLate(req: Request, res: Response, seconds: number): void {
  if (req.complete || !req.readableFlowing) {
    replyError(res, 'DEADLINE_EXCEEDED', `no answer within ${seconds} s`);
    return;
  }
  if (!res.headersSent) {
    // The rest of the body may still come, so the next request needs a new connection.
    res.setHeader('Connection', 'close');
  }
  replyError(res, 'REQUEST_TIMEOUT', `the body did not arrive within ${seconds} s`);
}
