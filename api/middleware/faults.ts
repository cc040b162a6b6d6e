import { setTimeout as sleep } from 'node:timers/promises';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ApiError } from '../reply.ts';

/** What a simulated bad release does to users' requests. Ratios 0–1, resolved to a millionth; together at most 1. */
export interface FaultSettings {
  /** Share of requests answered 500. */
  readonly errorRatio: number;
  /** Added before every answer, in seconds, 0–3600. */
  readonly latencySeconds: number;
  /** Share of requests whose handler never runs; they get a 503 at the deadline. */
  readonly hangRatio: number;
}

export const NO_FAULTS: FaultSettings = { errorRatio: 0, latencySeconds: 0, hangRatio: 0 };

export type Fault = 'none' | 'error' | 'hang';

const WHOLE = 1_000_000;

/**
 * Faults that are exact, not random (error diffusion): each request adds both ratios, in whole millionths, to what is owed.
 * Once a whole request is owed, it fails in the way that is owed most. At error ratio 0.1 that is every 10th request.
 */
export class Faults {
  #settings: FaultSettings;
  #errorsOwed = 0;
  #hangsOwed = 0;

  constructor(settings: FaultSettings) {
    this.#settings = settings;
  }

  get settings(): FaultSettings {
    return this.#settings;
  }

  get isActive(): boolean {
    const { errorRatio, latencySeconds, hangRatio } = this.#settings;
    return errorRatio > 0 || latencySeconds > 0 || hangRatio > 0;
  }

  set(settings: FaultSettings): void {
    this.#settings = settings;
    this.#errorsOwed = 0;
    this.#hangsOwed = 0;
  }

  /** What happens to the next request. */
  next(): Fault {
    this.#errorsOwed += Math.round(this.#settings.errorRatio * WHOLE);
    this.#hangsOwed += Math.round(this.#settings.hangRatio * WHOLE);
    if (this.#errorsOwed + this.#hangsOwed < WHOLE) {
      return 'none';
    }
    if (this.#hangsOwed > this.#errorsOwed) {
      this.#hangsOwed -= WHOLE;
      return 'hang';
    }
    this.#errorsOwed -= WHOLE;
    return 'error';
  }
}

/** Applies the faults to each request, except those for which `isSpared` returns true. */
export function injectFaults(faults: Faults, isSpared: (req: Request) => boolean = () => false): RequestHandler {
  return (req, res, next) => (faults.isActive && !isSpared(req) ? inject(faults, res, next) : next());
}

async function inject(faults: Faults, res: Response, next: NextFunction): Promise<void> {
  const fault = faults.next();
  const { latencySeconds } = faults.settings;
  if (latencySeconds > 0) {
    await sleep(latencySeconds * 1000);
  }
  if (fault === 'error') {
    throw new ApiError('FAULT_INJECTED', 'this release is set to fail some requests');
  }
  if (fault === 'none' && !res.closed) {
    next();
  }
}
