import { Problem } from '../../support/problem.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';

export const sort = command({
  name: 'sort',
  summary: 'Sort the displayed table by a column',
  details: 'Without a column the table returns to its own order. Only for tables on the screen.',
  group: 'view',
  examples: ['sort age', 'sort name desc', 'sort'],
  args: {
    column: optional(arg.column('Column of the table that is shown')),
    direction: optional(arg.choice(['asc', 'desc'], 'asc: smallest first; desc: largest first')),
  },
  danger: 'safe',
  run({ front }, { column, direction }) {
    if (front.table === undefined) throw new Problem('usage', 'Sorting needs the full-screen terminal.');
    front.table.sort(column, direction);
  },
});
