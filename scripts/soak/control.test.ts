import { test } from '@jest/globals';
import { waitFor } from '../../api/testing/start-process.ts';
import { startControl } from './control.ts';

test('a control reads how late its own event loop is: 10 ms at least, the period of what measures it', async () => {
  const control = startControl();
  try {
    await waitFor(async () => (await control.p99Seconds()) >= 0.01, 'a reading of 10 ms');
  } finally {
    await control.close();
  }
});
