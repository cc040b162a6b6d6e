import { styleText } from 'node:util';
import sliceAnsi from 'slice-ansi';
import type { RolloutPhase } from '../argo/status.ts';
import type { TimedEvent } from '../rehearsal/outcome.ts';
import type { Progress } from '../rehearsal/progress.ts';
import { CANARY, STABLE } from '../rehearsal/release.ts';
import type { NotPlayed } from '../rehearsal/result.ts';
import { ICONS, phaseIcon } from './argo-icons.ts';
import { renderEvent, shortValue } from './event-line.ts';

/** Shows scenarios while they are played. */
export interface View {
  /** `detail` is what the scenario waits for before it begins. */
  readonly begin: (scenario: string, title: string, detail?: string) => void;
  readonly event: (scenario: string, event: TimedEvent) => void;
  readonly progress: (scenario: string, progress: Progress, stepCount: number) => void;
  readonly end: (scenario: string) => void;
  readonly leaveOut: (one: NotPlayed) => void;
}

/** A view for pipes and logs: writes a line for each event. */
export function createLineView(err: NodeJS.WritableStream): View {
  return {
    begin: (scenario, title, detail) =>
      void err.write(`${scenario}: ${title}${detail === undefined ? '' : ` (${detail})`}\n`),
    event(scenario, event) {
      const line = renderEvent(event, scenario, err);
      if (line !== undefined) {
        err.write(line);
      }
    },
    progress: () => undefined,
    end: () => undefined,
    leaveOut: (one) => void err.write(notPlayedLine(one)),
  };
}

function notPlayedLine({ scenario, notPlayed }: NotPlayed): string {
  return `${scenario.name}: not played: ${notPlayed}\n`;
}

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

const PHASE_STYLES: Readonly<Record<RolloutPhase, Style>> = {
  Healthy: 'green',
  Degraded: 'red',
  Paused: 'yellow',
  Progressing: 'cyan',
};

/** Milliseconds between two redraws. */
const FRAME = 120;

/** A view for terminals: `kubectl argo rollouts get rollout --watch` for every scenario that is playing, redrawn in place. */
export function createLiveView(err: NodeJS.WritableStream): View {
  const blocks = new Map<string, { readonly title: string; lines: readonly string[]; reads: readonly string[] }>();
  let [height, drawn] = [0, 0];
  const paint = (style: Style, text: string) => styleText(style, text, { stream: err });
  const paintRead = (phase: string, text: string) =>
    paint(phase === 'Successful' ? 'green' : phase === 'Failed' ? 'red' : 'yellow', text);

  function draw(isForced = false): void {
    const now = performance.now();
    if (!isForced && now - drawn < FRAME) {
      return;
    }
    drawn = now;
    // Cut lines to the terminal's width: a wrapped one would take two lines, and `height` would be too small.
    const { columns = 80 } = err as NodeJS.WriteStream;
    const lines = [...blocks]
      .flatMap(([name, { title, lines: own }]) => [`${paint('bold', name)}: ${title}`, ...own, ''])
      .map((line) => sliceAnsi(line, 0, columns - 1));
    // Move up to where the last drawing began, and clear everything below.
    err.write(`${height > 0 ? `\u001b[${height}A` : ''}\u001b[J${lines.map((line) => `${line}\n`).join('')}`);
    height = lines.length;
  }

  return {
    begin(scenario, title, detail = 'getting ready') {
      blocks.set(scenario, { title, lines: [`Status:  ${ICONS.progressing} ${detail}`], reads: [] });
      draw(true);
    },
    event(scenario, event) {
      const block = blocks.get(scenario);
      if (block !== undefined && event.event === 'measurement') {
        const read = `${event.metric} ${shortValue(event.value || (event.message ?? ''))} ${event.phase}`;
        block.reads = [...block.reads, paintRead(event.phase, read)].slice(-4);
      }
    },
    progress(scenario, { t, speed, phase, message, step, weight, pods, succeeded, lost }, stepCount) {
      const block = blocks.get(scenario);
      if (block === undefined) {
        return;
      }
      const of = (hash: string) => pods.filter((pod) => pod.hash === hash);
      const total = of(STABLE).length + of(CANARY).length;
      const actual = total === 0 ? 0 : Math.round((100 * of(CANARY).filter(({ isReady }) => isReady).length) / total);
      const row = (hash: string) =>
        of(hash)
          .map(({ isReady }) => (isReady ? ICONS.good : ICONS.progressing))
          .join('');
      block.lines =
        t < 0
          ? [`Status:  ${ICONS.progressing} getting ready, ${row(STABLE)}`]
          : [
              `Status:        ${paint(PHASE_STYLES[phase ?? 'Progressing'], `${phaseIcon(phase)} ${phase}`)}`,
              ...(message === '' ? [] : [`Message:       ${message}`]),
              `Step:          ${step}/${stepCount}`,
              `SetWeight:     ${weight}`,
              `ActualWeight:  ${actual}`,
              `Pods:          stable ${paint('cyan', row(STABLE))}  canary ${paint('yellow', row(CANARY))}`,
              `Reads:         ${block.reads.join(' · ')}`,
              `Users:         ${succeeded + lost} requests, ${lost === 0 ? 'none lost' : paint('red', `${lost} lost`)}, after ${t.toFixed(0)} s${speed === undefined ? '' : `; the clock runs at ${speed.toFixed(1)} times wall-clock time`}`,
            ];
      draw();
    },
    end(scenario) {
      blocks.delete(scenario);
      draw(true);
    },
    leaveOut(one) {
      // Write the line above the blocks, where later redraws leave it.
      err.write(`${height > 0 ? `\u001b[${height}A` : ''}\u001b[J${notPlayedLine(one)}`);
      height = 0;
      draw(true);
    },
  };
}
