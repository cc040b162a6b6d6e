/** One scrape: each series as it is written, and its value. */
export type Scrape = ReadonlyMap<string, number>;

export async function scrape(url: string): Promise<Scrape> {
  return parseExposition(await (await fetch(`${url}/metrics`)).text());
}

export function parseExposition(text: string): Scrape {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

/** The values of `http_requests_total` that are not 0: `GET /api/items 200` → count. */
export function countedRequests(series: Scrape): Readonly<Record<string, number>> {
  const counted: Record<string, number> = {};
  for (const [name, value] of series) {
    const match = /^http_requests_total\{method="(.*?)",route="(.*?)",code="(.*?)"\}$/.exec(name);
    if (match && value > 0) {
      counted[match.slice(1).join(' ')] = value;
    }
  }
  return counted;
}

export function sum(counted: Readonly<Record<string, number>>): number {
  return Object.values(counted).reduce((total, count) => total + count, 0);
}
