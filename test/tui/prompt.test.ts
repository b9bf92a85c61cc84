import { afterEach, describe, expect, test, vi } from 'vitest';
import type { SessionLogs } from '../../src/session/types.ts';
import { logsOf, richLines } from './fixtures.ts';
import { ScreenUnderTest } from './harness.ts';

const inPanels = async (make: () => ScreenUnderTest = () => new ScreenUnderTest()): Promise<ScreenUnderTest> => {
  const screen = make();
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  return screen;
};
const titleIs = (screen: ScreenUnderTest, panel: string, title: RegExp): Promise<void> =>
  screen.when(`has the title ${String(title)}`, () => title.test(screen.panel(panel).title));

describe('what is typed into a prompt', () => {
  test('is on the screen before any line is looked at with it', async () => {
    const shown: boolean[] = [];
    const all = logsOf(richLines());
    const logs: SessionLogs = {
      ...all,
      view(pods, options) {
        if (options?.wanted !== undefined) shown.push(screen.stdout.written.includes('zq'));
        return all.view(pods, options);
      },
    };
    await using screen = await inPanels(() => new ScreenUnderTest({ logs }));
    screen.type('5');
    await screen.panel('Log').sees('G follow');
    const before = shown.length;
    screen.type('/zq');
    await titleIs(screen, 'Log', /\/zq/);
    expect(shown.slice(before)[0]).toBe(true);
  });

  test('is in effect when Enter comes together with it', async () => {
    await using screen = await inPanels();
    screen.type('/1-[12]⏎j');
    await titleIs(screen, 'Pods', /^Pods \/1-\[12\] /);
    await screen.when(
      'shows two pods',
      () =>
        screen
          .panel('Pods')
          .rows()
          .filter((row) => row.includes('taskmanager')).length === 2,
    );
    expect(screen.panel('Pods').selected()).toMatch(/^taskmanager-1-/);
  });

  test('has no effect once it was cancelled, not on the next prompt either', async () => {
    await using screen = await inPanels();
    screen.type('/zzz⌃c2/fraud⏎');
    await titleIs(screen, 'Jobs', /\/fraud/);
    expect(screen.panel('Pods').title).not.toContain('/');
    expect(screen.panel('Jobs').selected()).toContain('fraud-scoring');
  });

  test('is a search if Tab comes together with it', async () => {
    await using screen = await inPanels();
    screen.type('/1-2⇥⏎');
    await titleIs(screen, 'Pods', /find 1-2/);
    expect(screen.panel('Pods').selected()).toMatch(/^taskmanager-1-2/);
  });
});

describe('the engine of regular expressions', () => {
  /** A screen in a program in which nobody has typed an expression yet. The engine is there once `arrives` has resolved. */
  async function newScreen(arrives: Promise<void>): Promise<{ readonly screen: ScreenUnderTest; readonly loaded: () => boolean }> {
    let asked = false;
    vi.resetModules();
    vi.doMock('re2js', async (original) => {
      asked = true;
      await arrives;
      return await original();
    });
    const { ScreenUnderTest: New } = await import('./harness.ts');
    return { screen: await inPanels(() => new New()), loaded: () => asked };
  }
  afterEach(() => {
    vi.doUnmock('re2js');
    vi.resetModules();
  });

  test('is not loaded before a prompt is opened; Enter and the keys after it wait for it', async () => {
    const engine = Promise.withResolvers<void>();
    const { screen, loaded } = await newScreen(engine.promise);
    await using _ = screen;
    expect(loaded()).toBe(false);
    screen.type('/(1-)+[12]⏎j');
    await screen.commandLine.sees('/(1-)+[12]');
    expect(loaded()).toBe(true);
    expect(screen.panel('Pods').title).not.toContain('/');
    engine.resolve();
    await titleIs(screen, 'Pods', /\/\(1-\)\+\[12\]/);
    await screen.panel('Pods').sees('d describe');
    expect(screen.panel('Pods').selected()).toMatch(/^taskmanager-1-/);
  });

  test('does not let a prompt take effect that was cancelled before it was loaded', async () => {
    const engine = Promise.withResolvers<void>();
    const { screen } = await newScreen(engine.promise);
    await using _ = screen;
    screen.type('/(1-)+⏎⌃c2/(fraud)+');
    await screen.commandLine.sees('/(fraud)+');
    engine.resolve();
    await titleIs(screen, 'Jobs', /\/\(fraud\)\+/);
    expect(screen.panel('Pods').title).not.toContain('/');
    // It is still being typed.
    expect(screen.cursorRow()).toContain('/(fraud)+█');
  });
});
