import { folderOf, type Manifest } from '../manifest/manifest.ts';
import { RULES } from './index.ts';
import { type Finding, SEVERITIES } from './rule.ts';

/** Returns the report of a file: its folder, or the file itself if several files of the folder hold Rollouts. */
export type ReportOf = (file: string) => string;

export function createReportOf(manifests: readonly Manifest[]): ReportOf {
  const folders = new Map(manifests.map((manifest) => [manifest.source.file, folderOf(manifest)]));
  const rolloutFiles = new Set(manifests.filter(({ kind }) => kind === 'Rollout').map(({ source }) => source.file));
  const filesIn = Map.groupBy(rolloutFiles, (file) => folders.get(file));
  return (file) => {
    const folder = folders.get(file);
    return folder === undefined || (filesIn.get(folder)?.length ?? 0) > 1 ? file : folder;
  };
}

const costOf = new Map(RULES.map(({ id }, index) => [id, index]));

/** Sorts findings by report, then by severity, by the position of their rule in `RULES`, and by their place in the files. */
export function createFindingOrder(reportOf: ReportOf): (a: Finding, b: Finding) => number {
  const order = (left: string, right: string) => (left < right ? -1 : left > right ? 1 : 0);
  const cost = ({ rule }: Finding) => costOf.get(rule) ?? -1;
  return (a, b) =>
    order(reportOf(a.file), reportOf(b.file)) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    cost(a) - cost(b) ||
    order(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    order(a.message, b.message);
}
