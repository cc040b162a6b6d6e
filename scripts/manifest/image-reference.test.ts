import { describe, expect, test } from '@jest/globals';
import { parseImageReference, splitImage } from './image-reference.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

describe('parseImageReference', () => {
  test.each([
    ['nginx:1.29', 'nginx', '1.29', undefined],
    ['library/nginx:1', 'library/nginx', '1', undefined],
    ['ghcr.io/example/sample-api:1.4.0', 'ghcr.io/example/sample-api', '1.4.0', undefined],
    ['localhost/app:v1', 'localhost/app', 'v1', undefined],
    ['localhost:5000/app:v1', 'localhost:5000/app', 'v1', undefined],
    ['Registry.Example.com:443/a/b__c/d--e:_X.y-Z', 'Registry.Example.com:443/a/b__c/d--e', '_X.y-Z', undefined],
    [`ghcr.io/a/b@${DIGEST}`, 'ghcr.io/a/b', undefined, DIGEST],
    [`ghcr.io/a/b:1.0@${DIGEST}`, 'ghcr.io/a/b', '1.0', DIGEST],
    [`a:${'t'.repeat(128)}`, 'a', 't'.repeat(128), undefined],
  ])('takes %s', (text, repository, tag, digest) => {
    expect(parseImageReference(text)).toEqual({ repository, tag, digest });
  });

  test.each([
    ['', 'path'],
    [':1', 'path'],
    ['app', 'tag or a digest'],
    ['localhost:5000/app', 'tag or a digest'],
    ['app:latest', 'latest'],
    [`app:latest@${DIGEST}`, 'latest'],
    ['app:', 'tag of at most'],
    ['app:-1', 'tag of at most'],
    ['app:1:2', 'tag of at most'],
    [`app:${'t'.repeat(129)}`, 'tag of at most'],
    ['App:1', 'lower case'],
    ['ghcr.io/Example/app:1', 'lower case'],
    ['Example/app:1', 'lower case'],
    ['ghcr.io//app:1', 'path'],
    ['ghcr.io/app/:1', 'path'],
    ['https://ghcr.io/app:1', 'path'],
    ['-host.io/app:1', 'path'],
    ['a..b/app:1', 'path'],
    ['app:1 ', 'tag of at most'],
    ['app:1\n', 'tag of at most'],
    ['app:1 # comment', 'tag of at most'],
    ['app@sha256:abc', '64 hexadecimal'],
    [`app@${DIGEST.toUpperCase()}`, '64 hexadecimal'],
    [`app@sha512:${'0'.repeat(128)}`, '64 hexadecimal'],
    [`${'a/'.repeat(127)}aa:1`, 'path'],
  ])('refuses %j', (text, reason) => {
    expect(() => parseImageReference(text)).toThrow(reason);
  });
});

test.each([
  ['nginx', 'nginx'],
  ['host:5000/App', 'host:5000/App'],
  ['host:5000/app:latest', 'host:5000/app'],
  [`a/b:1@${DIGEST}`, 'a/b'],
])('the repository of %s is %s', (image, repository) => {
  expect(splitImage(image).repository).toBe(repository);
});
