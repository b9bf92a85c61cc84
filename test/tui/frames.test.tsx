import { describe, expect, test } from 'vitest';
import { plain, slice, width } from '../../src/support/text-width.ts';
import { Problem } from '../../src/support/problem.ts';
import type { Session, SourceName, SourceStatus } from '../../src/session/types.ts';
import { emptySession } from '../../src/session/empty-session.ts';
import { createLook } from '../../src/tui/look/look.ts';
import { cursorOf } from '../../src/tui/rows/cursor.ts';
import { drawHeader } from '../../src/tui/rows/header.ts';
import { settle } from '../../src/tui/actions/settle-screen.ts';
import type { Frame, Ui } from '../../src/tui/state/ui.ts';
import type { Size } from '../../src/tui/state/layout.ts';
import { screenOf } from './draw.tsx';
import { colourless, frameOf, live, now, richSession, viewOf } from './fixtures.ts';
import { asking, states, unkindLines, unkindSession } from './states.ts';
import { asked, inPanel, reading } from './where.ts';

const sizes = (step: number): Size[] => {
  const all: Size[] = [];
  for (let columns = 20; columns <= 250; columns += step)
    for (let rows = 5; rows <= 80; rows += Math.ceil(step / 2)) all.push({ columns, rows });
  return [...all, { columns: 60, rows: 15 }, { columns: 80, rows: 24 }, { columns: 120, rows: 40 }, { columns: 200, rows: 50 }];
};

/** Every corner and side of the panels stands where the layout has it, unless something may lie over them. */
function bordersOf({ layout: { panels, kind }, ui }: Frame, rows: readonly string[]): readonly string[] {
  if (kind === 'tiny' || ui.overlay.kind === 'keys' || ui.overlay.kind === 'dialog' || ui.result !== undefined) return [];
  const at = (x: number, y: number): string => slice(rows[y] ?? '', x, x + 1);
  return panels.flatMap(({ name, area: { x, y, width: across, height } }) => {
    const [right, bottom] = [x + across - 1, y + height - 1];
    const sides = Array.from({ length: height - 2 }, (_, row) => `${at(x, y + 1 + row)}${at(right, y + 1 + row)}`);
    const stands =
      at(x, y) === '╭' &&
      at(right, y) === '╮' &&
      at(x, bottom) === '╰' &&
      at(right, bottom) === '╯' &&
      sides.every((side) => /^│[│┃]$/.test(side));
    return stands ? [] : [name];
  });
}

describe.each(Object.entries(states))('nothing leaves its place %s', (_, ui) => {
  test.each([
    ['a usual cluster', richSession()],
    ['an unkind cluster', unkindSession()],
    ['nothing known yet', emptySession({ clusterId: 'c', namespace: 'n', context: undefined, server: '' })],
  ])('%s', (__, session) => {
    for (const size of sizes(115)) {
      const base = frameOf(size, { session, logView: session.pods.size > 100 ? unkindLines : viewOf([]) }, ui);
      for (const wrap of [false, true]) {
        const frame = { ...base, ui: { ...base.ui, log: { ...base.ui.log, wrap, scope: 'all' as const } } };
        const rows = plain(screenOf(frame)).split('\n');
        const where = `${size.columns}x${size.rows}`;
        expect(rows.length, where).toBeLessThanOrEqual(size.rows);
        expect(
          rows.filter((row) => width(row) > size.columns),
          where,
        ).toEqual([]);
        expect(bordersOf(frame, rows), where).toEqual([]);
        const { x, y } = cursorOf(frame) ?? { x: 0, y: 0 };
        expect(x >= 0 && x < size.columns && y >= 0 && y < size.rows, where).toBe(true);
      }
    }
  });
});

describe('what stands on the screen', () => {
  const text = (size: Size, over: Parameters<typeof frameOf>[1] = {}, ui: Partial<Ui> = {}): string =>
    plain(screenOf(frameOf(size, { look: colourless, ...over }, ui)));
  const big = { columns: 120, rows: 40 };

  test('is it alive, what runs on what, what happens', () => {
    const screen = text(big);
    expect(screen).toMatch(
      /my-first-flink-cluster {2}default · prod-eu · Flink 2\.3\.0 .* k8s ● live {2,}flink ● live {2,}slots 8\/8 {2}3 TM/,
    );
    expect(screen).toMatch(/▸ jobmanager-f647b ★ +▶ Running +1\/1 +0 +2h/);
    expect(screen).toMatch(/taskmanager-1-4 +✗ ImagePullBackOff 0\/1 +0 +40s/);
    expect(screen).toMatch(/taskmanager-1-3 +✗ OOMKilled \(137\) +- +- +4s/);
    expect(screen).toMatch(/orders-enrichment +⟳ Restarting +█░░░ 5\/12 +- +4s/);
    expect(screen).toMatch(/11:34:16\.224 ERROR Exception in task Enrich/);
    expect(screen).toMatch(/java\.lang\.OutOfMemoryError: Java heap space +▸ 14 frames/);
    expect(screen).toMatch(/11:34:17\.001 ── k8s ─ pod taskmanager-1-3 terminated: OOMKilled/);
  });

  test('the worst problem has one line, with the command that goes deeper', () => {
    expect(text(big)).toMatch(/ ! taskmanager-1-4 ImagePullBackOff: .* {2}why taskmanager-1-4/);
  });

  test('an outage is one calm line, and every panel says how old it is', () => {
    const lost = {
      ...live(now - 44_000),
      state: 'lost' as const,
      since: now - 42_000,
      nextTryAt: now + 8_000,
      problem: new Problem('unreachable', 'The API server at 10.0.0.1:6443 refuses connections (ECONNREFUSED).'),
    };
    const screen = text(
      big,
      {
        session: {
          ...richSession(),
          sources: new Map<SourceName, SourceStatus>([
            ['pods', lost],
            ['flink', { ...live(now - 44_000), state: 'stale' }],
          ]),
        },
      },
      inPanel('pods'),
    );
    expect(screen).toMatch(/k8s ○ lost 44s {2,}flink ◐ stale 44s/);
    expect(screen.match(/as of 44 s ago/g)).toHaveLength(2);
    expect(screen).toContain('The API server at 10.0.0.1:6443 refuses connections (ECONNREFUSED). Next try in 8 s; r retries now.');
  });

  test('on a narrow screen the sentence of an outage keeps what can be done', () => {
    const lost = {
      ...live(now - 44_000),
      state: 'lost' as const,
      since: now - 42_000,
      problem: new Problem('unreachable', 'The API server at prod-eu.example.org:6443 refuses connections (ECONNREFUSED).'),
    };
    const session = { ...richSession(), sources: new Map<SourceName, SourceStatus>([['pods', lost]]) };
    expect(text({ columns: 120, rows: 40 }, { session })).toContain('(ECONNREFUSED). refresh retries now.');
    expect(text({ columns: 80, rows: 24 }, { session })).toMatch(/The API server at prod-eu\.example\.org.*… refresh retries now\./);
  });

  test('while nothing is known, no tab counts what may be there', () => {
    const session = emptySession({ clusterId: 'c', namespace: 'n', context: undefined, server: '' });
    expect(text({ columns: 80, rows: 24 }, { session })).toContain('[Pods] Jobs  Operations');
  });

  test('a long line of a text goes on below, and the end of the text can be reached', () => {
    const path = `s3://bucket/${'x'.repeat(150)}/end`;
    const small = { columns: 80, rows: 24 };
    const lines = [path, ...Array.from({ length: 40 }, (_, index) => `line ${index} ${'word '.repeat(30)}`), 'the last word'];
    expect(
      text(small, {}, reading(lines))
        .split('\n')
        .slice(3, 6)
        .map((row) => row.replace(/^│ *(.*?) *[│┃]$/, '$1'))
        .join(''),
    ).toBe(path);
    const settled = settle(frameOf(small, { look: colourless }, reading(lines, { top: 1_000 })));
    expect(text(small, {}, settled)).toContain('the last word');
    expect(text(small, {}, settled)).toContain('line 39');
  });

  test('with ASCII signs only, no other sign is drawn', () => {
    const look = createLook({ theme: 'dark', depth: 'true', ascii: true, motion: false });
    for (const ui of Object.values(states)) {
      const screen = text(big, { look }, ui);
      expect(screen.replace(/[\u0020-\u007e\n]/g, '')).toBe('');
    }
  });

  test('with ASCII signs the title tells the direction of a sorted table in a word', () => {
    const look = createLook({ theme: 'dark', depth: 'none', ascii: true, motion: false });
    const { lists } = frameOf(big, { look }).ui;
    const sorted = text(big, { look }, { lists: { ...lists, pods: { ...lists.pods, sort: { column: 'state', descending: true } } } });
    expect(sorted).toContain('by STATE down ');
    expect(sorted).toContain(' STATE- ');
  });

  test('without colours nothing but bold, dim, underlined and inverse is written', () => {
    const screen = screenOf(frameOf(big, { look: colourless }));
    expect(screen).not.toMatch(/\u001b\[(3\d|4[0-8]|9\d|10\d)/);
  });

  test('below the smallest size one sentence says so', () => {
    expect(text({ columns: 40, rows: 10 }).replaceAll('\n', ' ')).toContain('drey needs 60x15 cells, this terminal');
  });

  test('the question names what dies, and the choices', () => {
    const screen = text(
      { columns: 80, rows: 24 },
      {},
      asked(
        asking({
          lines: ['This deletes Deployment x.'],
          jobs: richSession().jobs.slice(0, 2),
          action: 'Stop now',
          alternatives: [{ label: 'Take savepoints first', commandLine: 'stop --savepoint', recommended: true }],
        }),
      ),
    );
    expect(screen).toContain('This deletes Deployment x.');
    expect(screen).toMatch(/▶ Running +CarTopSpeedWindowing 1a2b3c/);
    expect(screen).toContain('▸ Take savepoints first (recommended)');
    expect(screen).toContain('  Stop now');
    expect(screen).toContain('Type the-phrase, then ⏎:');
    expect(screen).toContain('Esc cancel');
  });
});

test('a defect in one panel is reported there, and the others are drawn', () => {
  const session = richSession();
  const text = plain(screenOf(frameOf({ columns: 200, rows: 50 }, { session: { ...session, timeline: null as never } })));
  expect(text).toContain('This panel cannot be drawn:');
  expect(text).toContain('CarTopSpeedWindowing');
});

describe('the header', () => {
  const line = (
    columns: number,
    sources: readonly (readonly [SourceName, SourceStatus])[],
    target: Partial<Session['target']> = {},
  ): string => {
    const session = richSession();
    return plain(
      drawHeader(
        frameOf({ columns, rows: 40 }, { session: { ...session, target: { ...session.target, ...target }, sources: new Map(sources) } }),
        columns,
      ),
    );
  };
  const source = (name: SourceName, status: SourceStatus): string => line(120, [[name, status]]);
  const away = (state: SourceStatus['state'], age: number): SourceStatus => ({ ...live(now - age), state, since: now - age });
  const never = (state: SourceStatus['state'], age: number): SourceStatus => ({ ...away(state, age), dataAt: undefined });
  const states = [
    live(),
    live(now - 12_000),
    never('connecting', 300),
    never('connecting', 12_000),
    away('starting', 12_000),
    ...(['stale', 'lost', 'denied'] as const).flatMap((state) => [
      away(state, 4_000),
      away(state, 44_000),
      away(state, 72 * 60_000),
      never(state, 9_000),
    ]),
  ];

  test.each([80, 120, 200])('at %i columns nothing moves and nothing goes, whatever the sources say', (columns) => {
    const lines = states.flatMap((kubernetes) =>
      states.map((flink) =>
        line(columns, [
          ['pods', kubernetes],
          ['flink', flink],
        ]),
      ),
    );
    for (const text of lines) expect(text).toContain('my-first-flink-cluster  default · prod-eu');
    for (const part of ['k8s', 'flink ', 'slots 8/8']) expect(new Set(lines.map((text) => text.lastIndexOf(part)))).toHaveLength(1);
    expect(lines[0]?.lastIndexOf('slots 8/8')).toBeGreaterThan(0);
  });

  test('a session that is read-only and a server that is not verified have a mark that stays, however little room there is', () => {
    for (const columns of [60, 80, 120]) {
      const text = line(
        columns,
        [
          ['pods', live()],
          ['flink', live()],
        ],
        { readOnly: true, tlsUnverified: true },
      );
      expect(text).toMatch(columns < 120 ? /\[R\] \[TLS\?\]/ : /read-only · TLS not verified/);
      expect(text).toMatch(/prod/);
    }
  });

  test('a session whose requests to Flink go through the proxy of the API server has a mark', () => {
    for (const columns of [80, 160])
      expect(
        line(
          columns,
          [
            ['pods', live()],
            ['flink', live()],
          ],
          { restProxied: true },
        ),
      ).toContain(columns < 120 ? '[P]' : 'REST by services/proxy');
  });

  test('what was heard within 3 s is live, what is older tells its age; a watch that is live is true now, however quiet it is', () => {
    expect(source('flink', live(now - 3_900))).toMatch(/flink ● live {2,}slots/);
    expect(source('flink', live(now - 4_000))).toMatch(/flink ● live 4s {2,}slots/);
    expect(source('flink', live(now - 34_000))).toMatch(/flink ● live 30s {2,}slots/);
    expect(source('pods', live(now - 3_600_000))).toMatch(/k8s ● live {2,}slots/);
    expect(source('pods', away('stale', 34_000))).toMatch(/k8s ◐ stale 34s/);
  });

  test('a server that never answered is neither stale nor lost, and a JobManager that begins is starting', () => {
    expect(source('flink', never('lost', 13_000))).toMatch(/flink ○ no answer 13s/);
    expect(source('flink', never('stale', 13_000))).toMatch(/flink ○ no answer 13s/);
    expect(source('flink', never('starting', 12_000))).toMatch(/flink ◐ starting 12s/);
  });

  test('figures that come from elsewhere are not called a connection', () => {
    expect(source('usage', away('lost', 13_000))).not.toMatch(/usage|metrics/);
  });
});

test('a JobManager that begins is reported where its jobs will stand and below, and is not a problem', () => {
  const starting: SourceStatus = {
    ...live(),
    state: 'starting',
    since: now - 12_000,
    dataAt: undefined,
    problem: new Problem('unreachable', 'Port 8081 refuses connections.'),
  };
  const session = {
    ...richSession(),
    pods: new Map(),
    gone: [],
    jobs: [],
    jobsKnown: false,
    sources: new Map<SourceName, SourceStatus>([
      ['pods', live()],
      ['flink', starting],
    ]),
  };
  const screen = plain(screenOf(frameOf({ columns: 120, rows: 40 }, { session })));
  expect(screen.match(/The JobManager is starting, 12 s\./g)).toHaveLength(2);
  expect(screen).not.toContain('refuses connections');
});

test('a JobManager that hangs is reported below, with how long', () => {
  const hangs: SourceStatus = {
    ...live(now - 9_000),
    state: 'stale',
    since: now - 9_000,
    problem: new Problem('unreachable', 'The JobManager has not answered.'),
  };
  const session = {
    ...richSession(),
    pods: new Map(),
    sources: new Map<SourceName, SourceStatus>([
      ['pods', live()],
      ['flink', hangs],
    ]),
  };
  const screen = plain(screenOf(frameOf({ columns: 120, rows: 40 }, { session })));
  expect(screen).toContain(' ! Flink: The JobManager has not answered for 9 s.  +3 more  refresh');
});
