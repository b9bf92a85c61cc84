import { expect, test } from 'vitest';
import type { Finding } from '../../src/causes/finding.ts';
import { findingLines } from '../../src/commands/model/card-lines.ts';
import { cardMarkdown } from '../../src/commands/model/card-markdown.ts';
import { start } from '../support/fakes.ts';

const killed: Finding = {
  subject: { kind: 'job', id: '9f13c2', name: 'orders' },
  severity: 'error',
  what: 'Job orders (9f13c2) is RESTARTING.',
  rule: 'memory-limit',
  cause: 'taskmanager-1-3: the kernel killed it because it used more memory than its limit',
  evidence: [{ source: { kind: 'status', object: 'taskmanager-1-3' }, at: start, text: 'OOMKilled (137), limit 1728Mi' }],
  conclusions: ['What grew is outside of the JVM.'],
  advice: ['more of everything: taskmanager.memory.process.size.'],
  also: [{ rule: 'exception', text: '<b>@here</b> `x_y`', evidence: [], conclusions: [], advice: ['look at it.'] }],
  possible: [],
};

test('a report for a channel has each cause with its evidence, its time and what helps, and nothing in a text becomes markup', () => {
  const lines = cardMarkdown(
    { lines: [...findingLines(killed), { id: 'unknown', part: 'unknown', text: 'which jobs there are.' }] },
    { clusterId: 'c1', namespace: 'flink' },
    start,
  );
  expect(lines).toEqual([
    expect.stringMatching(/^## c1 in flink, 2026-11-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/),
    '',
    '### Job orders (9f13c2) is RESTARTING.',
    '',
    '- **Root cause:** taskmanager-1-3: the kernel killed it because it used more memory than its limit',
    expect.stringMatching(/^ {2}- status of taskmanager-1-3, 2026-11-\d\d \S+ \S+: OOMKilled \(137\), limit 1728Mi$/),
    '- It follows: What grew is outside of the JVM.',
    '- **Another cause:** \\<b\\>\\@here\\</b\\> \\`x\\_y\\`',
    '- What helps: more of everything: taskmanager.memory.process.size.',
    '- What helps: look at it.',
    '',
    '- Not known: which jobs there are.',
  ]);
});
