import { Problem } from '../../support/problem.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';

export const sort = command({
  name: 'sort',
  summary: 'Sort the table that is shown by a column',
  details: 'Without a column the table gets its own order back. Only for tables on the screen.',
  group: 'view',
  examples: ['sort age', 'sort name desc', 'sort'],
  args: {
    column: optional(arg.column('Column of the table that is shown')),
    direction: optional(arg.choice(['asc', 'desc'], 'asc: from the least to the greatest; desc: from the greatest to the least')),
  },
  danger: 'safe',
  run({ front }, { column, direction }) {
    if (front.table === undefined) throw new Problem('usage', 'Sorting needs the full-screen terminal.');
    front.table.sort(column, direction);
  },
});
