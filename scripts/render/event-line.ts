import { styleText } from 'node:util';
import type { TimedEvent } from '../rehearsal/outcome.ts';
import { CANARY } from '../rehearsal/release.ts';
import { ICONS, measurementLook, rolloutLook } from './argo-icons.ts';

/** One event as a line of text; undefined for a kind of event that only JSON output shows. */
export function renderEvent(event: TimedEvent, scenario: string, stream: NodeJS.WritableStream): string | undefined {
  const text = textOf(event, stream);
  const time = `${event.t.toFixed(1)} s`.padStart(9);
  return text === undefined
    ? undefined
    : `${styleText('dim', `${scenario.padEnd(16)} ${time}`, { stream })}  ${text}\n`;
}

/** Rounds numbers to three decimals: `[0.0821989]` becomes `[0.082]`. */
export function shortValue(value: string): string {
  return value.replace(/-?\d+\.\d{4,}/g, (number) => Number(number).toFixed(3));
}

function textOf(event: TimedEvent, stream: NodeJS.WritableStream): string | undefined {
  const paint = (style: 'red' | 'green' | 'yellow' | 'cyan', text: string) => styleText(style, text, { stream });
  const version = (hash: string) => (hash === CANARY ? 'canary' : 'stable');
  switch (event.event) {
    case 'scale':
      return `${ICONS.neutral} ${version(event.rs)} ${event.from} → ${event.to} pods`;
    case 'available':
      return `${ICONS.neutral} ${version(event.rs)} ${event.n} available`;
    case 'step':
      return `${ICONS.neutral} Step: ${event.index}`;
    case 'phase': {
      const { icon, style } = rolloutLook(event.phase);
      const line = `${icon} ${event.phase}${event.message === '' ? '' : `  ${event.message}`}`;
      return event.phase === 'Degraded' || event.phase === 'Healthy' ? paint(style, line) : line;
    }
    case 'measurement': {
      const value = event.value === '' ? (event.message ?? '') : shortValue(event.value);
      const { icon, style } = measurementLook(event.phase);
      const line = `${icon} ${event.metric} ${event.phase} ${value}`;
      return event.phase === 'Successful' ? line : paint(style, line);
    }
    case 'analysisCreated':
      return `${ICONS.progressing} AnalysisRun ${event.run}`;
    case 'analysisPhase':
      return event.phase === 'Running' ? undefined : `${ICONS.neutral} AnalysisRun ${event.phase}  ${event.message}`;
    case 'promoted':
      return paint('green', `${ICONS.good} promoted: canary is stable`);
    default:
      return undefined;
  }
}
