import type { ViewLine } from './types.ts';

const levels: readonly ViewLine['level'][] = [undefined, 'TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];

/** The level that a log buffer keeps as a number. */
export const levelOf = (code: number): ViewLine['level'] => levels[code];
