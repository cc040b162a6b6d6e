import { describe, expect, test } from '@jest/globals';
import { users } from '../testing/test-app.ts';

describe('GET /', () => {
  test('answers JSON with links to everyone but browsers', async () => {
    const response = await users().get('/').set('Accept', '*/*').expect(200).expect('Content-Type', /json/);
    expect(response.body).toEqual({
      name: 'sample-api',
      version: '1.4.0',
      revision: '4f1d2c0',
      links: {
        items: '/api/items',
        readyz: '/readyz',
        livez: '/livez',
        version: '/version',
        openapi: '/openapi.json',
        metrics: '/metrics',
      },
    });
  });

  test('links only to what this port serves', async () => {
    const { body } = await users({ METRICS_PORT: '9090', FAULTS: 'on' }).get('/');
    expect(body.links).not.toHaveProperty('metrics');
    expect(body.links.faults).toBe('/faults');
  });
});

describe('GET /version', () => {
  test('says what is running and since when', async () => {
    const { body } = await users().get('/version').expect(200);
    expect(body).toEqual({
      version: '1.4.0',
      revision: '4f1d2c0',
      started: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });
});
