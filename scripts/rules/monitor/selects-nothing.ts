import { at, isMap, listAt, mapAt, textAt } from '../../manifest/json.ts';
import { labelsOf } from '../../manifest/manifest.ts';
import { looksInto } from '../../workload/scrape.ts';
import { selectorMatches } from '../../workload/selector.ts';
import type { Rule } from '../rule.ts';

export const monitorSelectsNothing: Rule = {
  id: 'monitor/selects-nothing',
  severity: 'error',
  why: 'A monitor that selects nothing scrapes nothing, without a word: the gate has no series.',
  fix: 'Make `spec.selector` match the labels of the Service itself (not of its pods), and `port` the name of one of its ports.',
  *check({ ofKind, peers }) {
    for (const monitor of ofKind('ServiceMonitor')) {
      const selected = ofKind('Service').filter(
        (service) =>
          looksInto(monitor, service) && selectorMatches(at(monitor.object, ['spec', 'selector']), labelsOf(service)),
      );
      // Report only a monitor that seems meant for a Service beside it: in its own namespace, with the label names that it wants.
      const wanted = Object.keys(mapAt(monitor.object, ['spec', 'selector', 'matchLabels']));
      const beside = isMap(at(monitor.object, ['spec', 'namespaceSelector']))
        ? []
        : peers(monitor, 'Service').filter((service) => wanted.every((key) => Object.hasOwn(labelsOf(service), key)));
      if (selected.length === 0 && beside.length > 0) {
        yield {
          manifest: monitor,
          path: ['spec', 'selector'],
          message: `selector must match the labels of a Service, such as '${beside[0]?.name}' beside it`,
        };
      }
      const ports = new Set(
        selected.flatMap(({ object }) => listAt(object, ['spec', 'ports'])).map((port) => textAt(port, ['name'])),
      );
      for (const [index, endpoint] of listAt(monitor.object, ['spec', 'endpoints']).entries()) {
        const port = isMap(endpoint) ? textAt(endpoint, ['port']) : undefined;
        if (selected.length > 0 && port !== undefined && !ports.has(port)) {
          yield {
            manifest: monitor,
            path: ['spec', 'endpoints', index, 'port'],
            message: `port '${port}' must be the name of a port of Service '${selected[0]?.name}'`,
          };
        }
      }
    }
  },
};
