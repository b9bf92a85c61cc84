/** A level that drey set, and that nobody took back. */
export interface SetLevel {
  readonly logger: string;
  readonly level: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** `root is DEBUG, org.apache.kafka is WARN`. */
export const setLevelsText = (levels: readonly SetLevel[]): string => levels.map(({ logger, level }) => `${logger} is ${level}`).join(', ');
