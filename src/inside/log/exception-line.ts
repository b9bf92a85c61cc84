/** A line of a trace that names an exception: the first one, or `Caused by: …`. */
const exceptionLine = /^\s*(?:Caused by: |Suppressed: )?((?:[\w$]+\.)+[\w$]*(?:Exception|Error|Throwable|Failure))\b/;

/** The class that a line of a trace names; undefined: it names none. */
export const exceptionIn = (line: string): string | undefined => exceptionLine.exec(line)?.[1];
