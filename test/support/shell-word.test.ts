import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from '../../src/support/shell-word.ts';

test.each(['a', 'my-cluster.x', 's3://a/b?c', '', 'two words', "it's", '$HOME', '~', '!x', 'a;b', 'a\nb', '`id`', 'x=1', 'ü', '*'])(
  'a shell reads %j back as it was',
  (word) => {
    expect(execFileSync('sh', ['-c', `printf %s ${shellWord(word)}`], { encoding: 'utf8' })).toBe(word);
  },
);

test('a word that needs no quotes has none', () => {
  expect(shellWord('my-cluster.x')).toBe('my-cluster.x');
});
