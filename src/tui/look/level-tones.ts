import type { ViewLine } from '../../session/types.ts';
import type { Token } from './theme.ts';

/** The colour of what is written at a level. */
export const levelTones: Readonly<Record<NonNullable<ViewLine['level']>, Token | undefined>> = {
  TRACE: 'muted',
  DEBUG: 'muted',
  INFO: undefined,
  WARN: 'warn',
  ERROR: 'error',
};
