import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { renderDiff } from './diff.ts';

const diff = (before: string | undefined, after: string) =>
  renderDiff({ file: 'f.yaml', before, after }, new PassThrough()).split('\n').slice(2, -1);

describe('renderDiff', () => {
  test('names the file as git does', () => {
    expect(renderDiff({ file: 'f.yaml', before: 'a\n', after: 'b\n' }, new PassThrough())).toBe(
      '--- a/f.yaml\n+++ b/f.yaml\n@@ -1,1 +1,1 @@\n-a\n+b\n',
    );
  });

  test('shows three lines on either side', () => {
    expect(diff('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nX\n6\n7\n8\n9\n')).toEqual([
      '@@ -2,7 +2,7 @@',
      ...[' 2', ' 3', ' 4', '-5', '+X', ' 6', ' 7', ' 8'],
    ]);
  });

  test('shows fewer where the file begins and ends', () => {
    expect(diff('1\n2\n', '1\nX\n')).toEqual(['@@ -1,2 +1,2 @@', ' 1', '-2', '+X']);
  });

  test('says where the last line has no newline', () => {
    expect(diff('1', 'X')).toEqual([
      '@@ -1,1 +1,1 @@',
      '-1',
      '\\ No newline at end of file',
      '+X',
      '\\ No newline at end of file',
    ]);
  });

  test('takes a repeated line for one that stayed', () => {
    expect(diff('a\na\n', 'a\na\na\n')).toEqual(['@@ -1,2 +1,3 @@', ' a', ' a', '+a']);
  });

  test('shows a new file as added, from /dev/null', () => {
    expect(renderDiff({ file: 'f.yaml', before: undefined, after: 'a\nb\n' }, new PassThrough())).toBe(
      '--- /dev/null\n+++ b/f.yaml\n@@ -0,0 +1,2 @@\n+a\n+b\n',
    );
  });
});
