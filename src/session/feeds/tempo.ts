/** The interval until the server reports its own (`web.refresh-interval`, default 3 s), and the shortest one ever used. */
export const firstTempoMs = 3_000;
export const quickestTempoMs = 1_000;
/** The longest interval: even if the refresh of the web UI is off, or a server asks for a day of silence, it is still polled. */
export const slowestMs = 60_000;
/** How much slower while the terminal is not focused. */
const unfocusedFactor = 5;

/** The interval between two polls of Flink. `server`: its own, if it is known; a value that is not a number counts as none. */
export const tempoOf = (server: number | undefined, focused: boolean): number =>
  Math.min(
    slowestMs,
    Math.max(quickestTempoMs, server === undefined || Number.isNaN(server) ? firstTempoMs : server) * (focused ? 1 : unfocusedFactor),
  );
