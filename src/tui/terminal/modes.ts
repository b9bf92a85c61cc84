/**
 * Modes of the terminal that drey turns on, and the sequences that turn all of them off again. Modes are turned off in reverse order;
 * turning off an inactive mode does no harm, so one sequence is enough for every exit.
 */

/** Alternate screen, no automatic line break, hidden cursor, focus reports, bracketed paste. */
export const enterScreen = '\u001b[?1049h\u001b[?7l\u001b[?25l\u001b[?1004h\u001b[?2004h';

/** Presses, releases and the wheel, with SGR coordinates. */
export const mouseOn = '\u001b[?1000h\u001b[?1006h';
export const mouseOff = '\u001b[?1006l\u001b[?1000l';

const pasteOff = '\u001b[?2004l';

/** Restores everything, even if only a part was turned on. */
export const leaveScreen = `${mouseOff}\u001b[?1004l${pasteOff}\u001b[?2026l\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l`;
