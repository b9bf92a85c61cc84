import { describe, expect, test } from 'vitest';
import { Disk, fileOf, type Room } from '../../src/sandbox/shell/disk.ts';
import { atOnce, Input } from '../../src/sandbox/shell/input.ts';
import { Shell } from '../../src/sandbox/shell/shell.ts';
import { ShellState } from '../../src/sandbox/shell/state.ts';

const now = Date.parse('2026-11-22T11:34:00Z');

/** A machine with a few files. */
function machine(room: Room = { left: 100_000 }) {
  const mounted = new Map([
    ['/opt/conf/config.yaml', fileOf('a: 1\nb: 2\n', now)],
    ['/opt/log/old.log', fileOf('one\ntwo\nthree\n', now - 60_000)],
  ]);
  const disk = new Disk({ mounted: () => mounted, writable: ['/tmp', '/home'], room, now: () => now });
  const environment = new Map([
    ['HOME', '/home'],
    ['HOSTNAME', 'tm'],
  ]);
  const state = new ShellState({ name: 'sh', positional: [], folder: '/home', variables: environment, functions: new Map() });
  const shell = new Shell({ disk, environment, now: () => now, size: () => undefined, prompt: undefined }, state);
  /** Runs a command to its end, with this on its standard input. */
  const run = (words: readonly string[], typed: string | Buffer = '') => {
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    const code = atOnce(
      shell.whole(words, {
        stdin: new Input({ content: Buffer.from(typed) }),
        stdout: (piece) => void out.push(Buffer.from(piece)),
        stderr: (piece) => void err.push(Buffer.from(piece)),
      }),
    );
    return { out: Buffer.concat(out).toString('utf8'), err: Buffer.concat(err).toString('utf8'), code };
  };
  return { disk, run, sh: (script: string, ...args: readonly string[]) => run(['sh', '-c', script, 'sh', ...args]) };
}

describe('a script prints what it prints in sh', () => {
  test.each([
    ['echo a; echo b && echo c || echo d', 'a\nb\nc\n'],
    ['false && echo a || echo b', 'b\n'],
    ['! false && echo yes', 'yes\n'],
    [`echo "a  b" 'c $x' d\\ e`, 'a  b c $x d e\n'],
    ['x=1; x=2 env x; echo $x', '2\n1\n'],
    ['x="a b"; for each in $x "$x"; do echo "<$each>"; done', '<a>\n<b>\n<a b>\n'],
    ['set -- 1 "2 3"; for each in "$@"; do echo "<$each>"; done; echo $#', '<1>\n<2 3>\n2\n'],
    ['f=dir/name.tar.gz; echo ${f%.gz} ${f%%.*} ${f#*/} ${f##*.} ${#f} ${nosuch:-none}', 'dir/name.tar dir/name name.tar.gz gz 15 none\n'],
    ['echo $(echo in; echo side) `echo old`', 'in side old\n'],
    ['n=5; n=$((n + 2 * (3 - 1))); echo $n $((n % 4)) $((n > 3))', '9 1 1\n'],
    ['if [ -d /tmp ]; then echo folder; elif [ -f /tmp ]; then echo file; else echo none; fi', 'folder\n'],
    ['case savepoint-1 in chk-*|savepoint-*) echo hit ;; *) echo miss ;; esac', 'hit\n'],
    ['i=0; while [ $i -lt 3 ]; do i=$((i + 1)); [ $i -eq 2 ] && continue; echo $i; done', '1\n3\n'],
    ['until false; do echo once; break; done', 'once\n'],
    ['f() { echo "$1"; return 3; }; f x; echo $?', 'x\n3\n'],
    ['(cd -- /tmp; pwd); pwd', '/tmp\n/home\n'],
    ['printf "%s-%d\\n" a 1 b 2', 'a-1\nb-2\n'],
    ['ls /opt/conf | while IFS= read -r name; do echo "<$name>"; done', '<config.yaml>\n'],
    ['cat /opt/log/*.log | head -n 2 | tail -1', 'two\n'],
    ['echo a >&2; echo b', 'b\n'],
    ['# nothing\necho a # b', 'a\n'],
    ['echo one \\\n two', 'one two\n'],
    ['cat < /opt/conf/config.yaml | grep -c 1', '1\n'],
    ['test -z "" && [ ! -e /nosuch ] && [ a != b ] && echo yes', 'yes\n'],
    ['{ echo a; echo b; } > /tmp/f; wc -l < /tmp/f', '2\n'],
    ['echo ~ ~/f "~"', '/home /home/f ~\n'],
    ['echo /opt/*/*.yaml /nosuch/*', '/opt/conf/config.yaml /nosuch/*\n'],
    ['command -v bash', '/usr/bin/bash\n'],
    ['sh -c "exit 4"; echo $?', '4\n'],
    ['date -u +%F; date +%s', `2026-11-22\n${now / 1_000}\n`],
    ['find /opt -name "*.log" -exec stat -c "%s %n" {} +', '14 /opt/log/old.log\n'],
    ['ls -l /opt/log', 'total 1\n-rw-r--r-- 1 root  root  14 Nov 22 11:33 old.log\n'],
    ['sha256sum < /opt/conf/config.yaml', 'd02b8bb58aa82e872f709035f39b734b9f28dde0c3d305698a95d04aec594cfa  -\n'],
  ])('%s', (script, printed) => expect(machine().sh(script)).toMatchObject({ out: printed }));
});

test('files are written, moved, listed and removed as a user does it', () => {
  const { run, sh, disk } = machine();
  expect(run(['sh', '-c', 'cat > notes; sha256sum notes'], 'hello\n').out).toBe(
    '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03  notes\n',
  );
  expect(sh('mkdir -p a/b && mv notes a/b/ && cp a/b/notes a/copy && echo more >> a/copy && cat a/copy && ls a').out).toBe(
    'hello\nmore\nb\ncopy\n',
  );
  expect(sh('chmod 640 a/copy; stat -L -c "file %s %a" a/copy; readlink -f a/../a/copy').out).toBe('file 11 640\n/home/a/copy\n');
  expect(sh('rmdir a; rm a/b; rm -r a; ls').err).toBe(
    "rmdir: failed to remove 'a': Directory not empty\nrm: cannot remove 'a/b': Is a directory\n",
  );
  expect(disk.list('/home')).toEqual([]);
});

test.each([
  ['nosuch', 'sh: 1: nosuch: not found\n', 127],
  ['cat nosuch', 'cat: nosuch: No such file or directory\n', 1],
  ['cd nosuch', "sh: 1: cd: can't cd to nosuch\n", 2],
  ['echo a > /opt/conf/config.yaml', 'sh: 1: cannot create /opt/conf/config.yaml: Permission denied\n', 2],
  ['echo a > no/such', 'sh: 1: cannot create no/such: Directory nonexistent\n', 2],
  ['touch /etc', "touch: cannot touch '/etc': Permission denied\n", 1],
  ['rm /opt/log/old.log', "rm: cannot remove '/opt/log/old.log': Permission denied\n", 1],
  ['if true; then', 'sh: 1: Syntax error: end of file unexpected\n', 2],
  ['echo )', 'sh: 1: Syntax error: ")" unexpected\n', 2],
  ['echo $((1 / 0))', 'sh: 1: arithmetic expression: "1 / 0" cannot be calculated\n', 2],
  ['f() { f; }; f', 'sh: 1: functions call each other without end\n', 1],
])('%s says what is wrong', (script, said, code) => expect(machine().sh(script)).toEqual({ out: '', err: said, code }));

test('what is written has bounds, and what is removed makes room again', () => {
  const room = { left: 10_000 };
  const { run, sh } = machine(room);
  const large = Buffer.alloc(8_000, 'x');
  expect(run(['sh', '-c', 'cat > one'], large).code).toBe(0);
  expect(run(['sh', '-c', 'head -c 8000 > two || { rm -f two; exit 70; }'], large)).toMatchObject({
    code: 70,
    err: 'sh: 1: No space left on device\n',
  });
  expect(sh('ls').out).toBe('one\n');
  expect(sh('mv one three; rm three; ls').out).toBe('');
  expect(room.left).toBe(10_000);
});

test('a loop without an end ends', () => {
  expect(machine().sh('while true; do :; done')).toMatchObject({ code: 1, err: expect.stringContaining('a loop ends after') });
});
