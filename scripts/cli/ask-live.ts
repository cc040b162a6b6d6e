import { ExpositionError } from '../exposition/errors.ts';
import { parseExposition } from '../exposition/parse.ts';
import { type Answer, type Live, type LiveMetric, type LivePaths, metricsOf } from '../rules/live.ts';
import { CommandError, UsageError } from './command.ts';

/** Longer than any probe here waits. */
const TIMEOUT_MILLISECONDS = 5_000;

interface Reply {
  readonly answer: Answer;
  readonly contentType: string;
  readonly body: string;
}

/**
 * Asks a running instance for the paths that manifests name. One instance may have several addresses, for its users and for its
 * metrics: the best of their responses counts. Rejects with CommandError when no address responds.
 */
export async function askLive(addresses: readonly string[], { probed, scraped }: LivePaths): Promise<Live> {
  const bases = addresses.map(parseAddress);
  const answers = new Map<string, Answer>();
  const unreadable = new Map<string, string>();
  const metrics = new Map<string, LiveMetric>();
  for (const path of new Set([...probed, ...scraped])) {
    const replies = await Promise.all(bases.map((base) => get(new URL(path, base))));
    const best = replies.reduce((left, right) => (rank(right.answer) > rank(left.answer) ? right : left));
    answers.set(path, best.answer);
    if (scraped.has(path) && best.answer === 200) {
      try {
        for (const [name, metric] of metricsOf(parseExposition(best.body, best.contentType))) {
          metrics.set(name, metric);
        }
      } catch (error) {
        if (!(error instanceof ExpositionError)) {
          throw error;
        }
        unreadable.set(path, error.message);
      }
    }
  }
  if ([...answers.values()].every((answer) => typeof answer === 'string')) {
    throw new CommandError(`asking ${addresses.join(' and ')}: ${[...new Set(answers.values())].join(', ')}`);
  }
  return { address: addresses.join(' or '), answers, unreadable, metrics };
}

function parseAddress(address: string): URL {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--against must be an address like http://localhost:8080, got '${address}'`);
  }
  return url;
}

async function get(url: URL): Promise<Reply> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS), redirect: 'manual' });
    return {
      answer: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await response.text(),
    };
  } catch (error) {
    const { cause, message } = error as Error & { cause?: Error & { code?: string } };
    return { answer: cause?.code ?? cause?.message ?? message, contentType: '', body: '' };
  }
}

/** Higher is better: 0 without a response, 1 for 404, 2 for any other 4xx or 5xx, 3 for the rest. */
function rank(answer: Answer): number {
  if (typeof answer === 'string') {
    return 0;
  }
  return answer === 404 ? 1 : answer >= 400 ? 2 : 3;
}
