import { expect, test } from 'vitest';
import { editorAt, lnavAt, pagerAt } from '../../src/commands/procedures/user-programs.ts';

const file = { path: '/tmp/a log', line: 12 };

test.each([
  [{}, 'vi', ['+12', '/tmp/a log']],
  [{ EDITOR: 'nano -w' }, 'nano -w', ['+12', '/tmp/a log']],
  [{ EDITOR: 'vi', VISUAL: '/usr/bin/nvim' }, '/usr/bin/nvim', ['+12', '/tmp/a log']],
  [{ EDITOR: ' ', VISUAL: '' }, 'vi', ['+12', '/tmp/a log']],
  [{ VISUAL: 'code' }, 'code', ['--wait', '-g', '/tmp/a log:12']],
  [{ VISUAL: 'code -n --wait' }, 'code -n --wait', ['-g', '/tmp/a log:12']],
  [{ EDITOR: 'my-editor' }, 'my-editor', ['/tmp/a log']],
])('the editor of %j stands at the line', (env, command, args) => {
  expect(editorAt(file, env)).toMatchObject({ command, args });
});

test.each([
  [{}, 'less', ['-R', '+12', '/tmp/a log']],
  [{ PAGER: 'less -S' }, 'less -S', ['-R', '+12', '/tmp/a log']],
  [{ PAGER: 'more' }, 'more', ['+12', '/tmp/a log']],
  [{ PAGER: 'my-pager' }, 'my-pager', ['/tmp/a log']],
])('the pager of %j stands at the line', (env, command, args) => {
  expect(pagerAt(file, env)).toMatchObject({ command, args });
});

test('lnav, which counts lines from 0, stands at the line', () => {
  expect(lnavAt(file, {})).toMatchObject({ command: 'lnav', args: ['-c', ':goto 11', '/tmp/a log'] });
});
