// screenshot [--picture NAME] [--columns N] [--rows N] [--out FILE.svg] [--still] [KEYS | wait:PATTERN | hold:SECONDS …]: runs
// `drey attach --sandbox` on a pseudo-terminal, types and waits as the steps say, and draws the screen: as a moving picture, or with --still
// only the last screen. Without steps, makes a picture of the documentation: that of the README, or the one that --picture names.
import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Terminal } from '../test/terminal/harness.ts';
import { type Frame, movingPicture } from './picture.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    picture: { type: 'string', default: 'session' },
    columns: { type: 'string', default: '110' },
    rows: { type: 'string', default: '30' },
    out: { type: 'string' },
    still: { type: 'boolean', default: false },
  },
});

/** Something breaks: the cause, and the log of that moment. Then a savepoint, and the question before `stop`. */
const tour = [
  'hold:2',
  'sandbox oom⏎',
  'wait:OOMKilled',
  'hold:2',
  '!',
  'wait:Root cause',
  'hold:5',
  'l',
  'hold:4',
  '⎋',
  '⎋',
  'wait:orders-enrichment +▶ Running',
  ':savepoint orders-enr⇥⏎',
  'wait:Savepoint of .*://',
  'hold:3',
  ':stop⏎',
  'hold:4',
  '⎋',
  'hold:2',
];

interface Picture {
  readonly steps: readonly string[];
  readonly columns: number;
  readonly rows: number;
  /** Only the last screen. */
  readonly still: boolean;
}

const typed: Picture = { steps: positionals, columns: Number(values.columns), rows: Number(values.rows), still: values.still };

/** The pictures of the documentation, by the names of their files. */
const pictures: Readonly<Record<string, Picture>> = {
  session: { ...typed, steps: tour },
  flame: {
    steps: ['⎋', 'wait:d describe', '2', 'wait:c cancel', '⏎', 'wait:bottleneck', 'jF', 'wait:\\d+ samples'],
    columns: 120,
    rows: 34,
    still: true,
  },
};

/** Pauses in milliseconds: between two keys of a fast typist, and between two looks at the screen, which limit the size of the file. */
const KEY_MS = 70;
const LOOK_MS = 200;

const picture = positionals.length > 0 ? typed : pictures[values.picture];
if (picture === undefined) throw new Error(`--picture is one of ${Object.keys(pictures).join(', ')}`);
const out = values.out ?? `docs/${values.picture}.svg`;

await using terminal = new Terminal(['attach', '--sandbox'], { columns: picture.columns, rows: picture.rows });
await terminal.sees(/orders-enrichment +▶ Running|Jobs 2/);
await terminal.settled(300);

const frames: Frame[] = [];
const start = performance.now();
look();
const looks = setInterval(look, LOOK_MS);
for (const step of picture.steps) await perform(step);
clearInterval(looks);
look();
const last = frames.at(-1);
if (last === undefined) throw new Error('nothing was recorded');
writeFileSync(
  out,
  picture.still ? movingPicture([{ ...last, at: 0 }], 1000) : movingPicture(frames, Math.round(performance.now() - start)),
);
console.log(`${out}: ${frames.length} frames`);

async function perform(step: string): Promise<void> {
  if (step.startsWith('wait:')) await terminal.sees(new RegExp(step.slice(5)), 60_000);
  else if (step.startsWith('hold:')) await setTimeout(Number(step.slice(5)) * 1000);
  else {
    for (const key of step) {
      terminal.type(key);
      await setTimeout(KEY_MS);
    }
  }
}

/** Records the screen if it has changed. */
function look(): void {
  const cells = terminal.cells();
  if (JSON.stringify(cells) !== JSON.stringify(frames.at(-1)?.cells))
    frames.push({ at: frames.length === 0 ? 0 : Math.round(performance.now() - start), cells });
}
