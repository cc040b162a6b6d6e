import { formatPath, listAt, mapAt, textAt, walkJson } from '../../manifest/json.ts';
import { prometheusProblem } from '../../validation/prometheus.ts';
import { UNKNOWN } from '../../workload/analysis-arguments.ts';
import { placeholdersOf } from '../../workload/resolve-metric.ts';
import { each, type Rule } from '../rule.ts';
import { analyses, metrics } from '../subjects.ts';

export const noTemplates: Rule = {
  id: 'analysis/no-templates',
  severity: 'error',
  why: 'An analysis without templates is no analysis: the controller starts none, and nothing says so.',
  fix: 'Name at least one: `templates: [{templateName: …}]`.',
  check: each(analyses, function* ({ manifest, path }) {
    const block = mapAt(manifest.object, path);
    // The removed single form is an unknown field, which schema/unknown-field reports.
    if (listAt(block, ['templates']).length === 0 && block.templateName === undefined) {
      yield { path: ['templates'], message: `${formatPath(path)} must list \`templates\`` };
    }
  }),
};

export const unknownArgument: Rule = {
  id: 'analysis/unknown-argument',
  severity: 'error',
  why: 'The AnalysisRun ends as Error at once ("Unable to resolve metric arguments"), and every release is aborted.',
  fix: 'Declare it under `spec.args`, and give it a value there or in the Rollout.',
  check: each(metrics, function* ({ written, arguments: args }) {
    const declared = new Set(args.map(({ name }) => `args.${name}`));
    for (const { path, value } of walkJson(written)) {
      for (const name of typeof value === 'string' ? placeholdersOf(value) : []) {
        if (!declared.has(name)) {
          const whose = name.startsWith('args.') ? "one of the template's `args`" : 'an argument, `{{args.…}}`';
          yield { path, message: `{{${name}}} must be ${whose}` };
        }
      }
    }
  }),
};

export const duplicateArgument: Rule = {
  id: 'analysis/duplicate-argument',
  severity: 'warning',
  why: 'The controller takes the last value that an analysis gives an argument, without a word: the one before it is never used.',
  fix: 'Give it once.',
  check: each(analyses, function* ({ manifest, path }) {
    const names = listAt(manifest.object, [...path, 'args']).map((argument) => textAt(argument, ['name']));
    for (const [index, name] of names.entries()) {
      if (name !== undefined && names.indexOf(name) < index) {
        yield { path: ['args', index, 'name'], message: `argument '${name}' must be given once; this value counts` };
      }
    }
  }),
};

export const prometheusAddress: Rule = {
  id: 'analysis/prometheus-address',
  severity: 'warning',
  why: 'Without it every read is an Error, unless the controller has ARGO_ROLLOUTS_PROMETHEUS_ADDRESS, and five in a row abort every release.',
  fix: 'Write it: `address: http://prometheus-operated.monitoring:9090`.',
  check: each(metrics, function* ({ metric, query }) {
    const prometheus = ['provider', 'prometheus'];
    const address = textAt(metric, [...prometheus, 'address']) ?? '';
    if (query === undefined || Object.keys(mapAt(metric, prometheus)).length === 0) {
      return;
    }
    if (address === '') {
      yield { path: [...prometheus, 'address'], message: 'address must name the Prometheus to ask' };
    }
    const problem = prometheusProblem(metric, 'http://elsewhere');
    if (problem !== undefined && !address.includes(UNKNOWN)) {
      const why = 'The provider is not built: every read is an Error, and five in a row abort every release.';
      const [field, rule] = problem.includes('address')
        ? ['address', `be a URL with scheme and host, got '${address}'`]
        : ['timeout', `be seconds greater than 0: ${problem}`];
      yield { path: [...prometheus, field], message: `${field} must ${rule}`, why, severity: 'error' };
    }
  }),
};
