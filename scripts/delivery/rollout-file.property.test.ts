import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anyText, examples } from '../../api/testing/fuzz.ts';
import { editScalar } from '../manifest/edit.ts';
import { parseImageReference, splitImage } from '../manifest/image-reference.ts';
import { DeliveryError } from './git.ts';
import { imagesOf, readRollout, redeployOf } from './rollout-file.ts';

const name = fc.stringMatching(/^[a-z]{1,8}$/);
const digest = fc.stringMatching(/^[a-f0-9]{64}$/).map((hex) => `@sha256:${hex}`);
const reference = fc
  .tuple(
    fc.constantFrom('', 'ghcr.io/', 'localhost:5000/'),
    fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
    fc.stringMatching(/^:[a-z0-9_][a-z0-9._-]{0,10}$/).filter((tag) => tag !== ':latest'),
    fc.oneof(fc.constant(''), digest),
  )
  .map((parts) => parts.join(''));
const quote = fc.constantFrom('', '"', "'");
const comment = fc.constantFrom('', ' # the image', '   # "x"');
const container = fc.tuple(name, reference, quote, comment);
const containers = fc.uniqueArray(container, { minLength: 1, maxLength: 4, selector: ([one]) => one });

/** A Rollout as people write it, with an image a container and other objects around. */
const file = fc
  .record({
    containers,
    end: fc.constantFrom('\n', '\r\n'),
    before: fc.boolean(),
    behind: fc.boolean(),
    indent: fc.constantFrom('', '  '),
  })
  .map(({ containers, end, before, behind, indent }) => {
    const lines = containers.flatMap(([one, image, mark, note]) => [
      `      ${indent}- name: ${one} # ${one}`,
      `      ${indent}  image: ${mark}${image}${mark}${note}`,
    ]);
    const other = 'kind: Service\napiVersion: v1 # other';
    const rollout = `# A Rollout.\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec:\n  template:\n    metadata:\n      annotations:\n        redeploy: "one" # once more\n    spec:\n      containers:\n${lines.join('\n')}`;
    const text = [...(before ? [other] : []), rollout, ...(behind ? [other] : [])].join('\n---\n');
    return { text: `${text}\n`.replaceAll('\n', end), images: containers.map(([, image]) => image) };
  });

describe('a release of any Rollout', () => {
  test('changes the image of one container and not a byte more', () => {
    fc.assert(
      fc.property(file, fc.nat(), reference, ({ text, images }, pick, next) => {
        const lines = imagesOf(readRollout({ file: 'rollout.yaml', text }));
        expect(lines.map(({ image }) => image)).toEqual(images);
        const index = pick % images.length;
        const line = lines[index];
        const edited = editScalar(text, line?.place ?? { documentIndex: 0, path: [] }, next);
        const at = line?.offset ?? 0;
        const behind = text.slice(text.indexOf(images[index] ?? '', at) + (images[index]?.length ?? 0));
        expect(edited).toBe(text.slice(0, text.indexOf(images[index] ?? '', at)) + next + behind);
        const read = imagesOf(readRollout({ file: 'rollout.yaml', text: edited }));
        expect(read.map(({ image }) => image)).toEqual(images.with(index, next));
      }),
      examples(40),
    );
  });

  test('changes the annotation alone when it is only done again', () => {
    fc.assert(
      fc.property(
        file,
        fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
        ({ text }, next) => {
          const { place, value } = redeployOf(readRollout({ file: 'rollout.yaml', text }), next);
          expect(value).toBe('one');
          expect(editScalar(text, place, next)).toBe(text.replace('"one"', `"${next}"`));
        },
      ),
      examples(30),
    );
  });

  test('refuses what holds none with its own error', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), fc.constantFrom('a: *b', '[', 'kind: Rollout', 'kind: List')), (text) => {
        expect(() => readRollout({ file: 'rollout.yaml', text })).toThrow(DeliveryError);
      }),
      examples(60),
    );
  });
});

test('an image reference is the sum of its parts', () => {
  fc.assert(
    fc.property(reference, (text) => {
      const { repository, tag, digest: sha } = parseImageReference(text);
      expect(`${repository}:${tag}${sha === undefined ? '' : `@${sha}`}`).toBe(text);
      expect(splitImage(text).repository).toBe(repository);
    }),
    examples(60),
  );
});
