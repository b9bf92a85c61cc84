import { expect, test } from 'vitest';
import { editorAt } from '../../src/commands/procedures/user-programs.ts';

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
