/**
 * Modes of the terminal that drey turns on, and the sequences that turn all of them off again. Off comes first in each list's inverse
 * order; turning off what is not on does no harm, so there is only one way out.
 */

/** Alternate screen, no automatic line break, hidden cursor, reports of focus, marks around a paste. */
export const enterScreen = '\u001b[?1049h\u001b[?7l\u001b[?25l\u001b[?1004h\u001b[?2004h';

/** Presses, releases and the wheel, with SGR coordinates. */
export const mouseOn = '\u001b[?1000h\u001b[?1006h';
export const mouseOff = '\u001b[?1006l\u001b[?1000l';

const pasteOff = '\u001b[?2004l';

/** Everything as it was before, also where only a part had been turned on. */
export const leaveScreen = `${mouseOff}\u001b[?1004l${pasteOff}\u001b[?2026l\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l`;
