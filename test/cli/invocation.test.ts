import { expect, test } from 'vitest';
import { parseInvocation } from '../../src/cli/invocation.ts';

const refused = (words: readonly string[]): string => {
  try {
    parseInvocation(words, '0');
  } catch (error) {
    return `${(error as { kind?: string }).kind}: ${(error as Error).message}`;
  }
  return 'understood';
};

test.each([
  [['bogus'], 'usage: bogus is not a command of drey.'],
  [['--bogus'], "usage: Unknown option '--bogus'."],
  [['attach', 'a', 'b'], /^usage: Too many arguments for 'attach'/],
  [['pods', '-o', 'xml'], /^usage: .*'xml' is invalid. Allowed choices are text, wide, json, yaml\.$/],
  [['attach', '--sandbox', '--theme', 'pink'], /^usage: .*'pink' is invalid. Allowed choices are dark, light, high-contrast, mono\.$/],
  [['sandbox', '--port', '99999'], /A port is a number from 0 to 65535\.$/],
  [['savepoint', 'c1', 'job', '--timeout', 'soon'], /A duration is a number with ms, s, m or h, e\.g\. 90s\.$/],
  [['web'], "usage: Missing required argument 'cluster'."],
])('drey %j is refused in one sentence, with exit code 2', (words, sentence) => {
  if (sentence instanceof RegExp) expect(refused(words)).toMatch(sentence);
  else expect(refused(words)).toBe(sentence);
});
