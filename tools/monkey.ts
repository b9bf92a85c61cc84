// Random keys, pastes, sizes, commands and faults on the sandbox, for the given number of minutes (default 30): npm run monkey -- 5
import { spawnSync } from 'node:child_process';

const [minutes = '30'] = process.argv.slice(2);
const { status } = spawnSync('vitest', ['run', 'test/terminal/monkey.test.ts'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, DREY_MONKEY_MINUTES: minutes },
});
process.exitCode = status ?? 1;
