import type { Block, Screen } from './screen.ts';
import type { ScreenSource } from './view.tsx';

export interface PublishedScreen extends ScreenSource {
  /** Tells React, where anything is to be seen of the change. */
  publish(screen: Screen): void;
}

const empty: Screen = { size: { columns: 1, rows: 1 }, blocks: [], cursor: undefined };

/** Blocks and screens that look the same stay the same object: what did not change costs nothing further down. */
export function createScreenSource(): PublishedScreen {
  const listeners = new Set<() => void>();
  let current = empty;
  return {
    get: () => current,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish(screen) {
      const before = new Map(current.blocks.map((block) => [block.id, block]));
      let changed = screen.blocks.length !== current.blocks.length || screen.size.columns !== current.size.columns || screen.size.rows !== current.size.rows;
      const blocks = screen.blocks.map((block, index) => {
        const old = before.get(block.id);
        const kept = old !== undefined && sameBlock(old, block) ? old : block;
        if (kept !== current.blocks[index]) changed = true;
        return kept;
      });
      if (!changed) return;
      current = { ...screen, blocks };
      for (const listener of [...listeners]) listener();
    },
  };
}

function sameBlock(a: Block, b: Block): boolean {
  return a.area.x === b.area.x && a.area.y === b.area.y && a.area.width === b.area.width && a.area.height === b.area.height
    && a.lines.length === b.lines.length && a.lines.every((line, index) => line === b.lines[index]);
}
