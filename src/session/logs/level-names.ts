import type { ViewLine } from '../types.ts';

/** The levels of lines, from low to high. */
export const levelNames = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

export type LevelName = (typeof levelNames)[number];

const ranks: Readonly<Record<LevelName, number>> = { TRACE: 1, DEBUG: 2, INFO: 3, WARN: 4, ERROR: 5 };

/** Whether a line is of this level or above; one without a level is not. */
export const isAtLeast = (level: ViewLine['level'], least: LevelName): boolean => level !== undefined && ranks[level] >= ranks[least];
