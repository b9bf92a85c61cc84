import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { restartLines } from '../../src/commands/procedures/configuration-entries.ts';
import { configuredSite, log4j, shippedFiles, type ConfiguredSite } from './configured-site.ts';

const yaml = `taskmanager:
  numberOfTaskSlots: 4
web:
  timeout: 10 min
s3:
  secret-key: hunter2
`;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'drey-edits-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A site whose editor is a program: `script` runs with the file as `$1`. */
function edited(script: string, given: Parameters<typeof configuredSite>[0] = {}): ConfiguredSite {
  const program = join(folder, 'editor.sh');
  writeFileSync(program, `echo "$1" >> '${folder}/opened'; stat -c %a "$1" >> '${folder}/modes'; ${script}\n`);
  const site = configuredSite({ ...given, env: { ...process.env, EDITOR: `sh '${program}'`, VISUAL: '' } });
  site.files = { ...shippedFiles, 'config.yaml': yaml };
  return site;
}

const opened = (): readonly string[] => readFileSync(join(folder, 'opened'), 'utf8').trim().split('\n');

test('config shows the options, with secrets masked, and the other files by their names', async () => {
  const site = edited('');
  await site.run('config');
  expect(site.front.views[0]).toMatchObject({
    text: [
      's3.secret-key: ******',
      'taskmanager.numberOfTaskSlots: 4',
      'web.timeout: 10 min',
      '',
      'ConfigMap flink-config-c1 has as well: log4j-console.properties, logback-console.xml. config FILE shows one.',
    ],
    data: { options: { 's3.secret-key': '******' } },
  });
  await site.run('config web');
  expect(site.front.views[1]).toMatchObject({ text: ['web.timeout: 10 min'] });
  await site.run('config config.yaml');
  expect(site.front.views[2]).toMatchObject({ text: yaml.replace('hunter2', '******').trimEnd().split('\n') });
  for (const key of ['nonsense', 'constructor'])
    for (const edit of ['', ' --edit'])
      expect(await site.says(`config ${key}${edit}`)).toContain(`ConfigMap flink-config-c1 has no file and no option "${key}".`);
});

test('an edit is shown before it is written, with what has to restart, and leaves no copy behind', async () => {
  const site = edited('sed -i -e "s/10 min/5 min/" -e "s/hunter2/hunter3/" -e "s/Slots: 4/Slots: 8/" "$1"');
  expect(await site.run('config web.timeout --edit')).toEqual({ kind: 'done' });
  expect(site.questions).toEqual([
    {
      title: 'Change the configuration',
      action: 'Write it',
      lines: [
        'In ConfigMap flink-config-c1, config.yaml:',
        '-   numberOfTaskSlots: 4',
        '+   numberOfTaskSlots: 8',
        '-   timeout: 10 min',
        '+   timeout: 5 min',
        '-   secret-key: ******',
        '+   secret-key: ******',
        's3.secret-key, web.timeout: the JobManager and the TaskManagers have to restart.',
        'taskmanager.numberOfTaskSlots: the JobManager has to restart; TaskManagers that it starts afterwards have it.',
        'Processes that start by themselves have it from now on: a TaskManager that is replaced, a JobManager after a failure.',
      ],
    },
  ]);
  expect(site.files['config.yaml']).toBe(yaml.replace('10 min', '5 min').replace('hunter2', 'hunter3').replace('Slots: 4', 'Slots: 8'));
  expect(opened().map((path) => existsSync(path))).toEqual([false]);
  expect(readFileSync(join(folder, 'modes'), 'utf8').trim()).toBe('600');
});

test('a file that is closed unchanged changes nothing', async () => {
  const site = edited('true');
  await site.run('config --edit');
  expect(site.front.printed).toEqual(['config: config.yaml is as it was; nothing was changed.']);
  expect(opened().map((path) => existsSync(path))).toEqual([false]);
});

test('a broken file goes back to the editor if the user wants it, and is never sent', async () => {
  const site = edited(
    `if [ -e '${folder}/second' ]; then sed -i 's/: : 4/: 6/' "$1"; else touch '${folder}/second'; sed -i 's/: 4/: : 4/' "$1"; fi`,
  );
  await site.run('config --edit');
  expect(site.questions.map(({ title }) => title)).toEqual(['config.yaml would do harm', 'Change the configuration']);
  expect(site.files['config.yaml']).toContain('numberOfTaskSlots: 6');
});

test('a log file with a misspelt level is refused, and the edited text is kept', async () => {
  const site = edited('sed -i "s/kafka.level = INFO/kafka.level = INF/" "$1"', { answer: false });
  const said = await site.says(`config ${log4j} --edit`);
  expect(said).toContain('"INF" is not a log level');
  const [path = ''] = opened();
  expect(said).toContain(`The edited text is kept in ${path}.`);
  expect(readFileSync(path, 'utf8')).toContain('kafka.level = INF\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(site.files[log4j]).toBe(shippedFiles[log4j]);
  rmSync(join(path, '..'), { recursive: true });
});

test('a log file that is in order needs no restart', async () => {
  const site = edited('sed -i "s/kafka.level = INFO/kafka.level = DEBUG/" "$1"');
  await site.run(`config ${log4j} --edit`);
  expect(site.front.printed.at(-1)).toContain('Nothing has to restart');
  expect(site.files[log4j]).toContain('logger.kafka.level = DEBUG');
});

test('a ConfigMap that somebody else changed meanwhile is not overwritten, and the edited text is kept', async () => {
  const site = edited('sed -i "s/10 min/5 min/" "$1"');
  site.disturbed = true;
  const said = await site.says('config --edit');
  const [path = ''] = opened();
  expect(said).toContain(`Somebody else changed ConfigMap flink-config-c1. The edited text is kept in ${path}.`);
  expect(readFileSync(path, 'utf8')).toContain('5 min');
  rmSync(join(path, '..'), { recursive: true });
});

test('a user who declines changes nothing, and finds the edited text again', async () => {
  const site = edited('sed -i "s/10 min/5 min/" "$1"', { answer: false });
  await site.run('config --edit');
  const [path = ''] = opened();
  expect(site.front.printed).toEqual([`config: nothing was changed. The edited text is kept in ${path}.`]);
  expect(site.files['config.yaml']).toBe(yaml);
  rmSync(join(path, '..'), { recursive: true });
});

test('an editor that fails leaves nothing behind, and its end is named', async () => {
  const site = edited('exit 3');
  expect(await site.says('config --edit')).toContain('3');
  expect(opened().map((path) => existsSync(path))).toEqual([false]);
});

test('without the right to patch the ConfigMap no editor is opened', async () => {
  const site = edited('true', { kubernetes: { can: async ({ resource }) => ({ allowed: resource !== 'configmaps' }) } });
  expect(await site.says('config --edit')).toBe('You are not allowed to patch configmaps in namespace default.');
  expect(existsSync(join(folder, 'opened'))).toBe(false);
});

test('what has to restart follows from who reads an option', () => {
  const keys = ['web.timeout', 'execution.checkpointing.interval', 'kubernetes.jobmanager.cpu.amount', 'kubernetes.taskmanager.labels'];
  expect(restartLines(keys)).toEqual([
    'web.timeout: the JobManager and the TaskManagers have to restart.',
    'execution.checkpointing.interval: the JobManager has to restart; jobs that are submitted afterwards have it.',
    'kubernetes.jobmanager.cpu.amount: only a new deployment of the cluster takes it over.',
    'kubernetes.taskmanager.labels: the JobManager has to restart; TaskManagers that it starts afterwards have it.',
  ]);
});
