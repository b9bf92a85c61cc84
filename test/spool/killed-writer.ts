// killed-writer.ts FOLDER: writes numbered lines to a spool, some 50,000 a second, until it is killed.
import { Spool } from '../../src/spool/spool.ts';
import { systemClock } from '../../src/support/clock.ts';
import { logLine } from '../support/log-line.ts';

const [folder = ''] = process.argv.slice(2);
const spool = new Spool({
  folder,
  cluster: { server: 's', namespace: 'n', clusterId: 'c' },
  clock: systemClock,
  report: (problem) => {
    if (problem !== undefined) throw problem;
  },
});
for (let n = 0; ; n += 100) {
  spool.append(
    'pod',
    'main',
    Array.from({ length: 100 }, (_, index) => logLine(n + index, `line ${n + index} ${'of a log that is written quickly '.repeat(3)}`)),
  );
  await systemClock.sleep(1);
}
