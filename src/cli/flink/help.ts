import type { OptionRow } from './command-line.ts';
import { actions, actionTables, type Action } from './option-tables.ts';

const width = 78;
const indent = 34;

/** `bin/flink -h`: every action with its options. */
export function fullHelp(): string {
  const intro = ['./flink <ACTION> [OPTIONS] [ARGUMENTS]', '', 'The following actions are available:'].join('\n');
  const closing = [
    'A job is named by its id, or by a beginning of its id or a name that only one',
    'job has.',
    '',
    'Exit codes: 0 done, 1 failed or not understood, 31 no usable configuration.',
  ].join('\n');
  return `${[intro, ...actions.map(actionHelp), closing].join('\n\n')}\n`;
}

/** `bin/flink ACTION -h`. */
export function actionHelp(action: Action): string {
  const { usage, summary, options } = actionTables[action];
  const rows = options.filter((row) => row.hidden !== true).map(optionHelp);
  return [
    `Action "${action}": ${summary}.`,
    '',
    `  Syntax: ${[action, '[OPTIONS]', usage].filter((word) => word !== '').join(' ')}`,
    ...rows,
  ].join('\n');
}

function optionHelp(row: OptionRow): string {
  const names = [row.opt === undefined ? '' : `-${row.opt}`, row.long === undefined ? '' : `--${row.long}`]
    .filter((name) => name !== '')
    .join(',');
  const value = row.value === undefined ? '' : row.takes === 'optional' ? ` [<${row.value}>]` : ` <${row.value}>`;
  const head = `     ${names}${value}`;
  const lines = wrapped(row.summary, width - indent);
  const first = head.length < indent - 1 ? `${head.padEnd(indent)}${lines[0] ?? ''}` : `${head}\n${' '.repeat(indent)}${lines[0] ?? ''}`;
  return [first, ...lines.slice(1).map((line) => ' '.repeat(indent) + line)].join('\n');
}

function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
