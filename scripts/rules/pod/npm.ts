import { listAt } from '../../manifest/json.ts';
import { containersIn } from '../pods.ts';
import type { Rule } from '../rule.ts';

export const podNpm: Rule = {
  id: 'pod/npm',
  severity: 'warning',
  why: 'Then npm is process 1, and SIGTERM ends with it: the service never drains, and the requests it was answering are lost.',
  fix: 'Start the service itself: `command: ["node", "api/main.ts"]`.',
  *check(workspace) {
    for (const { manifest, path, container } of containersIn(workspace)) {
      for (const field of ['command', 'args']) {
        const [program] = listAt(container, [field]);
        const isFirst = field === 'command' || listAt(container, ['command']).length === 0;
        if (isFirst && typeof program === 'string' && /(^|\/)(npm|npx|yarn|pnpm)$/.test(program)) {
          yield {
            manifest,
            path: [...path, field, 0],
            message: `${field} must not start with ${program}`,
          };
        }
      }
    }
  },
};
