import { createContext, use } from 'react';
import type { Look } from '../../look/look.ts';

export const LookContext = createContext<Look | undefined>(undefined);

/** How things are drawn here. */
export function useLook(): Look {
  const look = use(LookContext);
  if (look === undefined) throw new Error('A component that draws needs a LookContext around it');
  return look;
}
