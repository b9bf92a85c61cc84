import sanitize from '../../../node_modules/ink/build/sanitize-ansi.js';
import { FrameCache } from './frame-cache.ts';

const sanitized = new FrameCache<string>();

/** Replaces Ink's `sanitizeAnsi` (ink/build/sanitize-ansi.js), which parses each text again in every frame. */
export const sanitizeAnsi = (text: string): string => sanitized.get(text) ?? sanitized.set(text, sanitize(text));
