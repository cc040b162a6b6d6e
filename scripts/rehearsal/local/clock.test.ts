import { expect, test } from '@jest/globals';
import { createClock } from './clock.ts';

/** A clock ten times as fast as its wall at most, which is ten milliseconds later at each look. */
function createTicking() {
  let wall = 0;
  const own = createClock(10, 0, () => {
    wall += 0.01;
    return wall;
  });
  return { own, wall: () => wall };
}

test('calls back in the order of time, each at its own, and no faster than its speed', async () => {
  const { own, wall } = createTicking();
  const seen: number[] = [];
  for (const time of [3, 1, 2, 1.5]) {
    own.at(time, () => seen.push(own.now()));
  }
  own.at(2.5, () => seen.push(-1))();
  await own.passTo(3);
  expect(seen).toEqual([1, 1.5, 2, 3]);
  expect(own.now()).toBe(3);
  expect(wall()).toBeGreaterThanOrEqual(0.3);
});

test('a stall of the machine is no time: a step counts a fiftieth of a second of it', async () => {
  let wall = 0;
  const clock = createClock(10, 0, () => {
    wall += 60;
    return wall;
  });
  let looks = 0;
  for (let time = 0.1; time <= 1; time += 0.1) {
    clock.at(time, () => {
      looks += 1;
    });
  }
  await clock.passTo(1);
  expect(looks).toBe(10);
  // A minute of the wall each, and at most 0.2 s of the clock.
  expect(wall / 60).toBeGreaterThanOrEqual(5);
});

test('is no more ahead of what is under way than was said, and goes on once it has ended', async () => {
  const { own, wall } = createTicking();
  const from = wall();
  const end = own.begin(2);
  const ahead: number[] = [];
  for (let time = 0.5; time <= 6; time += 0.5) {
    own.at(time, () => {
      ahead.push(own.now() - (wall() - from));
      if (ahead.length === 6) {
        end();
      }
    });
  }
  await own.passTo(6);
  // The wall goes on while it is looked at.
  expect(Math.max(...ahead.slice(0, 6))).toBeLessThanOrEqual(2);
  // The sixth, at 3 s, had to wait for the wall's first second; then time was free.
  expect(wall() - from).toBeGreaterThanOrEqual(1);
  expect(wall() - from).toBeLessThan(2);
});

test('stands still while it is held, also by two', async () => {
  const { own } = createTicking();
  const [first, second] = [own.hold(), own.hold()];
  let isOver = false;
  const passed = own.passTo(1).then(() => {
    isOver = true;
  });
  first();
  first();
  await new Promise((resolve) => setImmediate(resolve));
  expect([own.now(), isOver]).toEqual([0, false]);
  second();
  await passed;
  expect(own.now()).toBe(1);
});

test('an interruption ends the wait early, also one from before it began', async () => {
  const { own } = createTicking();
  own.at(1, own.interrupt);
  await own.passTo(5);
  expect(own.now()).toBe(1);
  own.interrupt();
  await own.passTo(5);
  expect(own.now()).toBe(1);
});
