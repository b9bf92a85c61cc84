import sanitize from '../../../node_modules/ink/build/sanitize-ansi.js';
import { FrameCache } from './frame-cache.ts';

const sanitized = new FrameCache<string>();

/** Stands in for Ink's `sanitizeAnsi` (ink/build/sanitize-ansi.js), which takes each text apart again in every frame. */
export const sanitizeAnsi = (text: string): string => sanitized.get(text) ?? sanitized.set(text, sanitize(text));
