import { styleText } from 'node:util';
import sliceAnsi from 'slice-ansi';
import type { TimedEvent } from '../rehearsal/outcome.ts';
import type { Progress } from '../rehearsal/progress.ts';
import { CANARY, STABLE } from '../rehearsal/release.ts';
import type { NotPlayed } from '../rehearsal/result.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import { ICONS, measurementLook, rolloutLook } from './argo-icons.ts';
import { renderEvent, shortValue } from './event-line.ts';

/** Shows scenarios while they are played. */
export interface View {
  /** Shows a scenario from the first call of `onWait` on; `stepCount` is of its Rollout. */
  readonly follow: (scenario: Scenario, stepCount: number) => Followed;
  readonly leaveOut: (one: NotPlayed) => void;
}

/** Shows how one scenario goes on. */
export interface Followed {
  /** `what` the scenario waits for before it begins. */
  readonly onWait: (what?: string) => void;
  readonly onEvent: (event: TimedEvent) => void;
  readonly onProgress: (progress: Progress) => void;
  readonly end: () => void;
}

/** A view for pipes and logs: writes a line for each event. */
function createLineView(err: NodeJS.WritableStream): View {
  return {
    follow: ({ name, title }) => ({
      onWait: (what) => void err.write(`${name}: ${title}${what === undefined ? '' : ` (${what})`}\n`),
      onEvent: (event) => void err.write(renderEvent(event, name, err) ?? ''),
      onProgress: () => undefined,
      end: () => undefined,
    }),
    leaveOut: (one) => void err.write(notPlayedLine(one)),
  };
}

function notPlayedLine({ scenario, notPlayed }: NotPlayed): string {
  return `${scenario.name}: not played: ${notPlayed}\n`;
}

/** Milliseconds between two redraws. */
const FRAME = 120;

/** A view for terminals: `kubectl argo rollouts get rollout --watch` for every scenario that is playing, redrawn in place. */
function createLiveView(err: NodeJS.WritableStream): View {
  /** The lines of each scenario that is playing. */
  const blocks = new Map<Scenario, readonly string[]>();
  let [height, drawn] = [0, 0];
  const paint = (style: Parameters<typeof styleText>[0], text: string) => styleText(style, text, { stream: err });

  /** Draws all blocks below `above`, which stays where it is. */
  function draw(above = ''): void {
    drawn = performance.now();
    // Cut lines to the terminal's width: a wrapped one would take two lines, and `height` would be too small.
    const { columns = 80 } = err as NodeJS.WriteStream;
    const lines = [...blocks]
      .flatMap(([{ name, title }, own]) => [`${paint('bold', name)}: ${title}`, ...own, ''])
      .map((line) => sliceAnsi(line, 0, columns - 1));
    // Move up to where the last drawing began, and clear everything below.
    err.write(`${height > 0 ? `\u001b[${height}A` : ''}\u001b[J${above}${lines.map((line) => `${line}\n`).join('')}`);
    height = lines.length;
  }

  function follow(scenario: Scenario, stepCount: number): Followed {
    let reads: readonly string[] = [];
    return {
      onWait(what = 'getting ready') {
        blocks.set(scenario, [`Status:  ${ICONS.progressing} ${what}`]);
        draw();
      },
      onEvent(event) {
        if (event.event === 'measurement') {
          const read = `${event.metric} ${shortValue(event.value || (event.message ?? ''))} ${event.phase}`;
          reads = [...reads, paint(measurementLook(event.phase).style, read)].slice(-4);
        }
      },
      onProgress({ t, speed, phase, message, step, weight, pods, succeeded, lost }) {
        const of = (hash: string) => pods.filter((pod) => pod.hash === hash);
        const total = of(STABLE).length + of(CANARY).length;
        const actual = total === 0 ? 0 : Math.round((100 * of(CANARY).filter(({ isReady }) => isReady).length) / total);
        const row = (hash: string) =>
          of(hash)
            .map(({ isReady }) => (isReady ? ICONS.good : ICONS.progressing))
            .join('');
        const { icon, style } = rolloutLook(phase);
        const lines = [
          `Status:        ${paint(style, `${icon} ${phase}`)}`,
          ...(message === '' ? [] : [`Message:       ${message}`]),
          `Step:          ${step}/${stepCount}`,
          `SetWeight:     ${weight}`,
          `ActualWeight:  ${actual}`,
          `Pods:          stable ${paint('cyan', row(STABLE))}  canary ${paint('yellow', row(CANARY))}`,
          `Reads:         ${reads.join(' · ')}`,
          `Users:         ${succeeded + lost} requests, ${lost === 0 ? 'none lost' : paint('red', `${lost} lost`)}, after ${t.toFixed(0)} s${speed === undefined ? '' : `; the clock runs at ${speed.toFixed(1)} times wall-clock time`}`,
        ];
        blocks.set(scenario, t < 0 ? [`Status:  ${ICONS.progressing} getting ready, ${row(STABLE)}`] : lines);
        if (performance.now() - drawn >= FRAME) {
          draw();
        }
      },
      end() {
        blocks.delete(scenario);
        draw();
      },
    };
  }
  return { follow, leaveOut: (one) => draw(notPlayedLine(one)) };
}

export function createView(err: NodeJS.WritableStream): View {
  return (err as NodeJS.WriteStream).isTTY === true ? createLiveView(err) : createLineView(err);
}
