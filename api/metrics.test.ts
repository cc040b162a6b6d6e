import { afterEach, describe, expect, test } from '@jest/globals';
import { scrape } from './testing/scrape.ts';
import { type RunningApp, startApp } from './testing/start-app.ts';

let app: RunningApp;
afterEach(() => app.close());

describe('series', () => {
  test('exist at 0 on the first scrape, 2xx, 4xx and 5xx of every route', async () => {
    app = await startApp();
    const first = await scrape(app.url);
    for (const series of [
      'http_requests_total{method="GET",route="/api/items",code="200"}',
      'http_requests_total{method="GET",route="/api/items",code="500"}',
      'http_requests_total{method="GET",route="/api/items",code="503"}',
      'http_requests_total{method="PUT",route="/api/items/:id",code="201"}',
      'http_requests_total{method="GET",route="unmatched",code="404"}',
      'http_requests_total{method="other",route="unmatched",code="431"}',
      'http_request_duration_seconds_bucket{le="0.5",method="GET",route="/api/items"}',
      'http_request_duration_seconds_count{method="GET",route="/api/items"}',
      'http_requests_in_flight',
    ]) {
      expect([series, first.get(series)]).toEqual([series, 0]);
    }
    expect(first.get('app_info{version="0.1.0",revision="unknown"}')).toBe(1);
  });

  test('of a histogram are cumulative, and its count is the counter', async () => {
    app = await startApp();
    for (let n = 0; n < 5; n += 1) {
      await fetch(`${app.url}/version`);
    }
    await app.counted();
    const series = await scrape(app.url);
    const name = 'http_request_duration_seconds';
    expect(series.get(`${name}_bucket{le="+Inf",method="GET",route="/version"}`)).toBe(5);
    expect(series.get(`${name}_count{method="GET",route="/version"}`)).toBe(5);
    expect(series.get(`${name}_bucket{le="10",method="GET",route="/version"}`)).toBe(5);
    expect(series.get(`${name}_sum{method="GET",route="/version"}`)).toBeGreaterThan(0);
  });
});
